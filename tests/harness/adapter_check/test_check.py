"""How looks at each grant become one check."""

from types import SimpleNamespace

import pytest

from oauth_gauntlet.adapter_check.check import GOOD, Outcome, anywhere, checked, doubt, everywhere, once, wrong
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.judge import Breach
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType

FIRST, SECOND = GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD
SUBJECT = SimpleNamespace(grants=[FIRST, SECOND])


def outcome_of(aggregate, first, second):
    sights = {FIRST: first, SECOND: second}
    return aggregate(SUBJECT, "title", lambda _, grant: sights[grant])


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (GOOD, doubt("b"), "ok"),
        (doubt("a"), GOOD, "ok"),
        (None, GOOD, "ok"),
        (doubt("a"), None, "warn"),
        (doubt("a"), wrong("b"), "problem"),
        (None, None, "warn"),
    ],
)
def test_what_is_declared_has_to_show_with_one_grant(first, second, outcome):
    assert outcome_of(anywhere, first, second).outcome == outcome


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (GOOD, doubt("b"), "warn"),
        (doubt("a"), GOOD, "warn"),
        (GOOD, None, "ok"),
        (None, None, "ok"),
        (GOOD, wrong("b"), "problem"),
    ],
)
def test_what_must_not_be_may_show_with_none(first, second, outcome):
    assert outcome_of(everywhere, first, second).outcome == outcome


@pytest.mark.parametrize(("first", "outcome"), [(GOOD, "ok"), (None, "ok"), (doubt("a"), "warn")])
def test_what_is_the_same_for_all_is_looked_at_once(first, outcome):
    assert outcome_of(once, first, wrong("not looked at")).outcome == outcome


def test_the_advice_names_the_grant():
    assert outcome_of(everywhere, GOOD, doubt("nothing was sent")).advice == "password: nothing was sent"


@pytest.mark.parametrize(
    ("raised", "outcome", "advice"),
    [
        (ClientFailure(ErrorInfo(kind=ErrorKind.OAUTH, message="no")), "warn", "the client reported oauth: no"),
        (
            ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message="unknown operation refresh")),
            "problem",
            "do not declare it",
        ),
        (Breach(expected="a form", seen="it is none"), "warn", "expected a form; it is none"),
    ],
)
def test_a_look_that_ends_early_is_told(raised, outcome, advice):
    def look(subject, grant):
        raise raised

    found = once(SUBJECT, "title", look)
    assert (found.outcome, advice in found.advice) == (outcome, True)


def test_a_condition_that_holds_needs_no_advice():
    assert checked("title", True, "advice").advice == ""
    assert checked("title", False, "advice", otherwise=Outcome.WARN).outcome == "warn"
