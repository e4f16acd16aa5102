"""How looks at each grant become one check."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.adapter_check.check import GOOD, Check, CheckOutcome, anywhere, checked, doubt, everywhere, once, wrong
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType

FIRST, SECOND = GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD
SUBJECT = SimpleNamespace(grants=[FIRST, SECOND])


def outcome_of(aggregate, first, second):
    sights = {FIRST: first, SECOND: second}
    return aggregate(SUBJECT, "title", lambda _, grant: sights[grant])


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
        (None, None, "warn", "it shows with no declared grant; is it declared by mistake?"),
    ],
)
def test_what_is_declared_has_to_show_with_one_grant(first, second, outcome, advice):
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
def test_what_must_not_be_may_show_with_none(first, second, outcome, advice):
    assert outcome_of(everywhere, first, second) == Check(title="title", outcome=outcome, advice=advice)


@pytest.mark.parametrize(
    ("first", "outcome", "advice"), [(GOOD, "ok", ""), (None, "ok", ""), (doubt("a"), "warn", "client_credentials: a")]
)
def test_what_is_the_same_for_all_is_looked_at_once(first, outcome, advice):
    assert outcome_of(once, first, wrong("not looked at")) == Check(title="title", outcome=outcome, advice=advice)


def test_each_look_is_at_the_subject_with_a_grant():
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
            "where nothing was amiss the client reported oauth: no",
        ),
        (
            ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message="unknown operation refresh")),
            "problem",
            "implement the operation, or do not declare it",
        ),
        (Breach(expected="a form", seen="it is none"), "warn", "expected a form; it is none"),
    ],
)
def test_a_look_that_ends_early_is_told(raised, outcome, advice):
    def look(subject, grant):
        raise raised

    assert once(SUBJECT, "title", look) == Check(title="title", outcome=outcome, advice=f"client_credentials: {advice}")


def test_a_condition_that_holds_needs_no_advice():
    assert GOOD.advice == ""
    assert checked("title", True, "advice") == Check(title="title", outcome=CheckOutcome.OK, advice="")
    assert checked("title", False, "advice") == Check(title="title", outcome=CheckOutcome.PROBLEM, advice="advice")
    assert checked("title", False, "advice", otherwise=CheckOutcome.WARN).outcome == "warn"
