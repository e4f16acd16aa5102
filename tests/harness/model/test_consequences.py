import json
from dataclasses import replace

import pytest

from oauth_gauntlet.model import NOT_RUN, Level, Result, Verdict, was_not_run, with_consequences

REPEATED = "The parameter grant_type is repeated"
BROKEN = Verdict.VIOLATION


def refusal(reason, *, fault=None, status=400):
    body = json.dumps({"error": "invalid_request", "error_description": reason})
    return {"request": {}, "response": {"status": status, "headers": [], "body": body}, "fault": fault}


def result(identifier, verdict=BROKEN, *, grant="password", reason=None, fault=None, **more):
    return Result(
        id=identifier,
        scenario=f"{identifier}[{grant}]",
        grant=grant,
        level=Level.MUST,
        basis=(),
        statement="S.",
        verdict=verdict,
        exchanges=(refusal(reason, fault=fault),) if reason else (),
        **more,
    )


def causes(*results):
    """Return what each result follows from, by its id."""
    return {each.id: each.follows_from for each in with_consequences(results)}


ONCE = result("request.grant-type-once", reason=REPEATED, refused_as=(REPEATED,))


def test_a_result_without_a_cause_is_left_alone():
    assert causes(result("a.a"), result("b.b", Verdict.PASS)) == {"a.a": "", "b.b": ""}


def test_what_the_server_refused_for_the_same_reason_follows_from_the_requirement_that_forbids_it():
    assert causes(ONCE, result("sanity.first", reason=REPEATED), result("a.a", reason=REPEATED)) == {
        "request.grant-type-once": "",
        "sanity.first": "request.grant-type-once",
        "a.a": "request.grant-type-once",
    }


@pytest.mark.parametrize(
    "other",
    [
        result("a.a", reason="The client is unknown"),
        result("a.a", reason=REPEATED, fault="token_error"),
        result("a.a", Verdict.PASS, reason=REPEATED),
        result("a.a", Verdict.NOT_APPLICABLE, reason=REPEATED),
        result("a.a", Verdict.ERROR, reason=REPEATED),
        result("a.a"),
    ],
    ids=["another reason", "a fault answered", "passed", "not applicable", "broken", "no exchange"],
)
def test_anything_else_does_not_follow_from_it(other):
    assert causes(ONCE, other)["a.a"] == ""


def test_a_requirement_that_is_met_explains_nothing():
    met = result("request.grant-type-once", Verdict.PASS, refused_as=(REPEATED,))
    assert causes(met, result("a.a", reason=REPEATED))["a.a"] == ""


def test_it_gets_the_verdict_consequence_and_keeps_its_evidence():
    given = result("a.a", Verdict.UNTESTABLE, reason=REPEATED)
    found, cause = with_consequences([ONCE, given])
    assert (cause.verdict, found.verdict) == (Verdict.VIOLATION, Verdict.CONSEQUENCE)
    assert found.exchanges == given.exchanges
    assert with_consequences([cause, found]) == (found, cause)


def test_the_most_specific_reason_wins_and_the_general_requirement_follows_from_it():
    general = result("request.no-duplicates", reason=REPEATED, refused_as=("The parameter * is repeated",))
    general = Result(**{**vars_of(general), "covered_by": ("request.grant-type-once",)})
    assert causes(general, ONCE, result("a.a", reason=REPEATED)) == {
        "request.no-duplicates": "request.grant-type-once",
        "request.grant-type-once": "",
        "a.a": "request.grant-type-once",
    }


def vars_of(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def test_a_general_requirement_follows_from_the_specific_one_only_if_that_is_not_met():
    general = result("parse.property-invalid", covered_by=("parse.not-json", "parse.access-token-missing"))
    assert causes(general, result("parse.access-token-missing"))["parse.property-invalid"] == "parse.access-token-missing"
    assert causes(general, result("parse.access-token-missing", Verdict.PASS))["parse.property-invalid"] == ""
    assert causes(general, result("parse.access-token-missing", Verdict.UNTESTABLE))["parse.property-invalid"] == ""


@pytest.mark.parametrize(
    ("cause", "verdict", "expected"),
    [
        (Verdict.WARNING, Verdict.WARNING, True),
        (Verdict.DEVIATION, Verdict.WARNING, True),
        (Verdict.VIOLATION, Verdict.DEVIATION, True),
        (Verdict.DEVIATION, Verdict.DEVIATION, True),
        (Verdict.VIOLATION, Verdict.HAZARD, True),
        (Verdict.HAZARD, Verdict.VIOLATION, True),
        (Verdict.WARNING, Verdict.VIOLATION, False),
        (Verdict.DEVIATION, Verdict.HAZARD, False),
    ],
)
def test_nothing_follows_from_something_less_grave(cause, verdict, expected):
    found = causes(result("a.a", cause), result("b.b", verdict, covered_by=("a.a",)))
    assert (found["b.b"] == "a.a") is expected


def test_where_the_client_gets_no_token_at_all_everything_of_that_grant_follows():
    found = causes(result("sanity.first"), result("a.a"), result("b.b", grant="refresh_token"))
    assert found == {"sanity.first": "", "a.a": "sanity.first", "b.b": ""}


def test_a_chain_of_causes_ends_at_its_first_cause():
    found = causes(
        result("a.a"),
        result("b.b", covered_by=("a.a",)),
        result("c.c", covered_by=("b.b",)),
        result("d.d", covered_by=("c.c",)),
    )
    assert found == {"a.a": "", "b.b": "a.a", "c.c": "a.a", "d.d": "a.a"}


def test_requirements_that_cover_each_other_do_not_hide_each_other():
    found = causes(result("a.a", covered_by=("b.b",)), result("b.b", covered_by=("a.a",)))
    assert not all(found.values())


@pytest.mark.parametrize("body", ["", "[]", "not json", '{"error_description": 5}', None])
def test_a_refusal_that_gives_no_reason_explains_nothing(body):
    exchange = {"request": {}, "response": {"status": 400, "headers": [], "body": body}, "fault": None}
    other = result("a.a", refused_as=())
    other = Result(**{**vars_of(other), "exchanges": (exchange, {"request": {}, "response": None, "fault": None})})
    assert causes(ONCE, other)["a.a"] == ""


def renewal(identifier, verdict):
    return replace(result(identifier, verdict), scenario=f"{identifier}[password+refresh]")


def test_a_renewal_that_could_not_be_judged_follows_from_its_own_requirement():
    first, second = with_consequences([result("a.a"), renewal("a.a", Verdict.UNTESTABLE)])
    assert (first.verdict, second.verdict, second.follows_from) == (Verdict.VIOLATION, Verdict.CONSEQUENCE, "a.a")


def test_a_renewal_follows_from_what_its_first_request_follows_from():
    results = with_consequences([result("b.b"), result("a.a", covered_by=("b.b",)), renewal("a.a", Verdict.UNTESTABLE)])
    assert [each.follows_from for each in results] == ["b.b", "b.b", ""]


@pytest.mark.parametrize(
    ("first", "second"),
    [(Verdict.PASS, Verdict.UNTESTABLE), (Verdict.VIOLATION, Verdict.VIOLATION), (Verdict.VIOLATION, Verdict.ERROR)],
)
def test_other_renewals_keep_their_verdicts(first, second):
    results = with_consequences([result("a.a", first), renewal("a.a", second)])
    assert [(each.verdict, each.follows_from) for each in results] == [(first, ""), (second, "")]


def test_a_first_request_that_could_not_be_judged_keeps_its_verdict():
    assert causes(result("a.a", Verdict.UNTESTABLE)) == {"a.a": ""}


def stopped(identifier, grant="password"):
    return result(identifier, Verdict.CONSEQUENCE, grant=grant, follows_from="sanity.first", message=f"{NOT_RUN}no token")


def test_a_scenario_that_was_not_run_follows_from_the_first_token():
    first, found = with_consequences([result("sanity.first"), stopped("a.a")])
    assert (first.verdict, found.verdict, found.follows_from) == (BROKEN, Verdict.CONSEQUENCE, "sanity.first")
    assert was_not_run(found)
    assert with_consequences([first, found]) == (first, found)


def test_a_scenario_that_was_not_run_follows_from_what_explains_the_refusal():
    assert causes(ONCE, result("sanity.first", reason=REPEATED), stopped("a.a")) == {
        "request.grant-type-once": "",
        "sanity.first": "request.grant-type-once",
        "a.a": "request.grant-type-once",
    }


def test_each_grant_has_its_own_explanation():
    other = result("jwt.audience", grant="jwt-bearer", reason="R", refused_as=("R",))
    sanities = [result("sanity.first", reason=REPEATED), result("sanity.first", grant="jwt-bearer", reason="R")]
    found = with_consequences([ONCE, other, *sanities, stopped("a.a"), stopped("b.b", "jwt-bearer")])
    explained = {(each.id, each.grant): each.follows_from for each in found}
    assert [explained[each] for each in (("sanity.first", "password"), ("a.a", "password"))] == ["request.grant-type-once"] * 2
    assert [explained[each] for each in (("sanity.first", "jwt-bearer"), ("b.b", "jwt-bearer"))] == ["jwt.audience"] * 2


@pytest.mark.parametrize("first", [[], [result("sanity.first", Verdict.PASS)], [result("sanity.first", grant="refresh_token")]])
def test_a_scenario_that_was_not_run_without_a_finding_that_says_why_is_untestable(first):
    *_, found = with_consequences([*first, stopped("a.a")])
    assert (found.verdict, found.follows_from) == (Verdict.UNTESTABLE, "")
    assert was_not_run(found)
