"""How the inspections of the grants become one check."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.adapter_check.check import GOOD, Check, CheckOutcome, anywhere, checked, doubt, everywhere, once, wrong
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType

FIRST, SECOND = GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD
SUBJECT = SimpleNamespace(grants=[FIRST, SECOND])


def outcome_of(aggregate, first, second):
    observations = {FIRST: first, SECOND: second}
    return aggregate(SUBJECT, "title", lambda _, grant: observations[grant])


@pytest.mark.parametrize(
    ("first", "second", "outcome", "advice"),
    [
        (GOOD, doubt("b"), "ok", ""),
        (doubt("a"), GOOD, "ok", ""),
        (None, GOOD, "ok", ""),
        (doubt("a"), None, "warn", "client_credentials: a"),
        (None, doubt("b"), "warn", "password: b"),
        (doubt("a"), doubt("b"), "warn", "client_credentials: a"),
        (doubt("a"), wrong("b"), "problem", "password: b"),
        (wrong("a"), GOOD, "problem", "client_credentials: a"),
        (None, None, "warn", "no declared grant shows it; is it declared by mistake?"),
    ],
)
def test_anywhere_needs_one_good_grant(first, second, outcome, advice):
    assert outcome_of(anywhere, first, second) == Check(title="title", outcome=outcome, advice=advice)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "advice"),
    [
        (GOOD, doubt("b"), "warn", "password: b"),
        (doubt("a"), GOOD, "warn", "client_credentials: a"),
        (doubt("a"), wrong("b"), "warn", "client_credentials: a"),
        (GOOD, None, "ok", ""),
        (None, None, "ok", ""),
        (None, wrong("b"), "problem", "password: b"),
        (GOOD, wrong("b"), "problem", "password: b"),
    ],
)
def test_everywhere_returns_the_first_grant_that_is_not_good(first, second, outcome, advice):
    assert outcome_of(everywhere, first, second) == Check(title="title", outcome=outcome, advice=advice)


@pytest.mark.parametrize(
    ("first", "outcome", "advice"), [(GOOD, "ok", ""), (None, "ok", ""), (doubt("a"), "warn", "client_credentials: a")]
)
def test_once_inspects_the_first_grant_only(first, outcome, advice):
    assert outcome_of(once, first, wrong("not inspected")) == Check(title="title", outcome=outcome, advice=advice)


def test_each_inspection_gets_the_subject_and_a_grant():
    for aggregate, grants in ((anywhere, [FIRST, SECOND]), (everywhere, [FIRST, SECOND]), (once, [FIRST])):
        seen = []
        aggregate(SUBJECT, "title", lambda subject, grant, seen=seen: seen.append((subject, grant)))
        assert seen == [(SUBJECT, grant) for grant in grants]


@pytest.mark.parametrize(
    ("raised", "outcome", "advice"),
    [
        (
            ClientFailure(ErrorInfo(kind=ErrorKind.OAUTH, message="no")),
            "warn",
            "the server made no fault, and the client reported oauth: no",
        ),
        (
            ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message="unknown operation refresh")),
            "problem",
            "implement the operation, or do not declare it",
        ),
        (Breach(expected="a form", seen="it is none"), "warn", "expected a form; it is none"),
    ],
)
def test_an_inspection_that_raises_gives_a_check(raised, outcome, advice):
    def inspect(subject, grant):
        raise raised

    assert once(SUBJECT, "title", inspect) == Check(title="title", outcome=outcome, advice=f"client_credentials: {advice}")


def test_a_condition_that_holds_has_no_advice():
    assert GOOD.advice == ""
    assert checked("title", True, "advice") == Check(title="title", outcome=CheckOutcome.OK, advice="")
    assert checked("title", False, "advice") == Check(title="title", outcome=CheckOutcome.PROBLEM, advice="advice")
    assert checked("title", False, "advice", otherwise=CheckOutcome.WARN).outcome == "warn"
