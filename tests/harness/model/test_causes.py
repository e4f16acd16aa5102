"""Causes: which requirements are one, and which is the worst."""

import json
from dataclasses import replace

import pytest

from oauth_gauntlet.model import Alike, Consequence, Damage, Ending, Level, Verdict, causes, root_causes
from tests.reports.conftest import a_result


@pytest.fixture
def make_result():
    return a_result


def test_a_requirement_is_one_entry(make_result):
    results = [make_result(variant="one"), make_result(variant="two"), make_result(Verdict.PASS, variant="three")]
    (cause,) = causes(results)
    assert len(cause.findings) == 2
    assert cause.counts == {Verdict.VIOLATION: 2, Verdict.PASS: 1}
    assert (cause.worst.verdict, cause.verdict) == (Verdict.VIOLATION, Verdict.VIOLATION)


def test_a_scenario_that_ended_with_an_error_or_was_not_tested_shows_no_finding(make_result):
    unknown = [make_result(Verdict.ERROR, variant="e"), make_result(Verdict.UNTESTABLE, variant="u")]
    (cause,) = causes([make_result(variant="one"), *unknown, make_result(Verdict.WARNING, variant="two")])
    assert len(cause.findings) == 4
    assert [result.verdict for result in cause.shown_in] == [Verdict.VIOLATION, Verdict.WARNING]
    (cause,) = causes([*unknown, make_result(Verdict.PASS, variant="p")])
    assert cause.shown_in == cause.findings == tuple(unknown)


def test_of_equal_causes_the_one_that_more_scenarios_show_is_first(make_result):
    errors = [make_result(Verdict.ERROR, name="a.a", variant=f"e{place}") for place in range(3)]
    shown = [make_result(name="a.b", variant=f"v{place}") for place in range(2)]
    assert [cause.id for cause in causes([make_result(name="a.a", variant="v"), *errors, *shown])] == ["a.b", "a.a"]


def test_a_first_request_stands_for_a_requirement_before_a_renewal_does(make_result):
    results = [make_result(scenario="scope.x[password+expiry]"), make_result(scenario="scope.x[password]")]
    (cause,) = causes(results)
    assert [result.scenario for result in cause.findings] == ["scope.x[password]", "scope.x[password+expiry]"]


def test_the_worst_damage_is_first_and_then_the_verdict(make_result):
    results = [
        make_result(Verdict.WARNING, name="a.unclear", level=Level.INTEROP, damage=Damage.UNCLEAR_ERROR),
        make_result(name="a.must", damage=Damage.NO_TOKEN),
        make_result(Verdict.WARNING, name="a.interop", level=Level.INTEROP, damage=Damage.NO_TOKEN),
        make_result(Verdict.WARNING, name="a.leaks", level=Level.INTEROP, damage=Damage.SECRET),
        make_result(Verdict.WARNING, name="a.dies", level=Level.INTEROP, damage=Damage.NO_TOKEN, ending=Ending.CRASH),
        make_result(Verdict.HAZARD, name="a.false", level=Level.UNSAFE, damage=Damage.FALSE_TOKEN),
        make_result(Verdict.HAZARD, name="a.mixed", level=Level.UNSAFE, damage=Damage.IDENTITY, ending=Ending.HANG),
        make_result(Verdict.WARNING, name="a.waits", level=Level.INTEROP, damage=Damage.UNCLEAR_ERROR, ending=Ending.HANG),
    ]
    assert [cause.id for cause in causes(results)] == [
        *("a.leaks", "a.mixed", "a.dies", "a.waits", "a.false", "a.must", "a.interop", "a.unclear"),
    ]


def test_what_is_not_known_about_the_client_comes_after_what_is_known_and_before_what_is_met(make_result):
    verdicts = [Verdict.NOT_APPLICABLE, Verdict.PASS, Verdict.UNTESTABLE, Verdict.ERROR, Verdict.WARNING]
    results = [make_result(verdict, name=f"a.{verdict.replace('_', '-')}") for verdict in verdicts]
    assert [cause.verdict for cause in causes(results)] == list(reversed(verdicts))


def test_a_grant_without_any_token_comes_before_all_damage(make_result):
    leak = make_result(name="a.leak", damage=Damage.SECRET)
    assert [cause.id for cause in causes([leak, make_result(name="sanity.first")])] == ["sanity.first", "a.leak"]
    following = make_result(Verdict.CONSEQUENCE, name="sanity.first", follows_from="a.root")
    assert [cause.id for cause in causes([leak, following, make_result(name="a.root")])][:2] == ["a.root", "a.leak"]


def test_the_damage_is_that_of_the_findings(make_result):
    results = [make_result(Verdict.PASS, damage=Damage.SECRET), make_result(variant="v", damage=Damage.BURDEN)]
    assert [cause.damage for cause in causes(results)] == [Damage.BURDEN]
    assert [cause.damage for cause in causes(results[:1])] == [None]


def raising(name, message="index 7 out of range", *, kind="unexpected", seen=None, **more):
    error = {"kind": kind, "type": "IndexError", "message": message}
    return a_result(name=name, answer={"error": error}, seen=seen or f"an error: IndexError: {message}", **more)


def refused(name, reason, *, fault=None, **more):
    exchange = {
        "request": {"method": "POST", "target": "/token", "headers": [], "body": ""},
        "response": {"status": 400, "headers": [], "body": json.dumps({"error_description": reason})},
        "fault": fault,
    }
    return a_result(name=name, exchanges=(exchange,), **more)


def token(name, value, **more):
    return a_result(name=name, answer={"token": {"access_token": value}}, seen=f"a token, access_token {value!r}", **more)


def cause_of(*results):
    """Return the ids of each cause's requirements, the root first."""
    return [[cause.id, *(each.id for each in cause.alike)] for cause in root_causes(causes(results))]


def test_the_same_exception_is_one_cause_whatever_numbers_its_message_has():
    results = [raising("a.a", damage=Damage.BURDEN), raising("a.b", "index 12 out of range"), raising("a.c", "another")]
    root, alike, other = causes(results)
    assert (root.id, alike.id, other.id) == ("a.b", "a.a", "a.c")
    assert root.alike == (Alike(id="a.a", statement="Joined by spaces.", verdict=Verdict.VIOLATION, scenarios=1),)
    assert root.alike_words == "1 more requirement is not met: the client raised IndexError: index ... out of range"
    assert (root.root, alike.root, other.root) == ("", "a.b", "")
    assert (alike.alike_words, other.alike_words) == ("", "")


def test_the_same_refusal_of_the_server_is_one_cause():
    assert cause_of(refused("a.a", "No."), refused("a.b", "No."), refused("a.c", "Never.")) == [["a.a", "a.b"], ["a.c"]]


def test_the_same_unusable_token_is_one_cause():
    results = [token("a.a", ""), token("a.b", ""), token("a.c", "good"), token("a.d", "good")]
    results[:2] = [a_result(**{**fields_of(each), "seen": 'a token, access_token ""'}) for each in results[:2]]
    assert cause_of(*results) == [["a.a", "a.b"], ["a.c"], ["a.d"]]


def fields_of(result):
    return {"name": result.id, "answer": result.answer}


def broken(name):
    return replace(raising(name, verdict=Verdict.ERROR), message="the adapter broke: IndexError")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (raising("a.a", kind="oauth"), raising("a.b", kind="oauth")),
        (raising("a.a", seen="a header field is missing"), raising("a.b", seen="a header field is missing")),
        (refused("a.a", "No.", fault="oauth_error"), refused("a.b", "No.", fault="oauth_error")),
        (a_result(name="a.a", seen="2 requests"), a_result(name="a.b", seen="2 requests")),
        (raising("a.a"), raising("a.b", expected={"reason": "known"})),
        (broken("a.a"), broken("a.b")),
    ],
    ids=["documented error", "about the request", "answer of a fault", "same words", "known and new", "broken adapter"],
)
def test_what_may_have_different_reasons_is_not_one_cause(first, second):
    assert len(cause_of(first, second)) == 2


def test_a_requirement_with_a_second_defect_is_a_cause_of_its_own():
    results = [raising("a.a"), raising("a.b"), raising("a.b", "another", variant="v")]
    assert cause_of(*results) == [["a.b"], ["a.a"]]


def test_nothing_is_lost():
    results = [raising(f"a.x{number}") for number in range(5)] + [a_result(Verdict.PASS, name="b.b")]
    found = causes(results)
    assert sorted(cause.id for cause in found) == sorted(result.id for result in results)
    assert len(root_causes(found)) == 1


def test_an_answer_of_another_tool_makes_no_trouble():
    odd = [a_result(name=f"a.x{number}", answer=answer) for number, answer in enumerate(({"error": 5}, {"token": []}, None))]
    assert len(cause_of(*odd)) == 3


def test_only_red_verdicts_and_warnings_are_against_the_client(make_result):
    for verdict in Verdict:
        (cause,) = causes([make_result(Verdict.PASS), make_result(verdict)])
        assert cause.against == verdict.against


def test_equal_verdicts_are_listed_by_level(make_result):
    results = [make_result(name=f"a.{level}", level=level) for level in reversed(Level)]
    assert [cause.worst.level for cause in causes(results)] == list(Level)


def test_more_findings_come_first(make_result):
    results = [make_result(name="a.a"), make_result(name="a.b"), make_result(name="a.b", variant="more")]
    assert [cause.id for cause in causes(results)] == ["a.b", "a.a"]


def test_known_findings_come_after_new_ones(make_result):
    known = make_result(name="a.known", expected={"reason": "r"})
    new = make_result(Verdict.WARNING, name="a.new", level=Level.INTEROP)
    assert [(cause.id, cause.known) for cause in causes([known, new])] == [("a.new", False), ("a.known", True)]


def test_what_follows_from_its_own_requirement_is_part_of_the_cause(make_result):
    renewal = make_result(Verdict.CONSEQUENCE, name="a.a", scenario="a.a[password+refresh]", follows_from="a.a")
    (cause,) = causes([make_result(name="a.a"), renewal])
    assert cause.consequences == ()


def test_a_cause_shows_its_new_finding(make_result):
    known = make_result(name="a.a", variant="one", expected={"reason": "r"})
    new = make_result(Verdict.WARNING, name="a.a", variant="two")
    (cause,) = causes([known, new])
    assert not cause.known
    assert cause.worst == new


def test_what_follows_from_a_cause_is_listed_with_it_and_is_no_finding(make_result):
    cause = make_result(name="a.cause")
    following = [
        make_result(Verdict.CONSEQUENCE, name="b.b", variant=variant, statement="B.", follows_from="a.cause")
        for variant in "xy"
    ]
    first, second = causes([*following, make_result(Verdict.PASS, name="b.b"), cause])
    assert first.id == "a.cause"
    assert first.consequences == (Consequence(id="b.b", statement="B.", scenarios=2),)
    assert (second.id, second.findings, second.against) == ("b.b", (), False)


@pytest.mark.parametrize(
    ("following", "words"),
    [
        ((), ""),
        (("b.b",), "1 requirement cannot be met because of this"),
        (("c.c", "b.b"), "2 requirements cannot be met because of this"),
    ],
)
def test_what_follows_is_counted_in_words_and_sorted(following, words):
    consequences = [a_result(Verdict.CONSEQUENCE, name=name, follows_from="a.a") for name in following]
    first, *_ = causes([*consequences, a_result(name="a.a")])
    assert first.consequence_words == words
    assert [each.id for each in first.consequences] == sorted(following)


def test_several_requirements_with_one_reason_are_counted_in_words():
    root, *_ = causes([raising("a.a"), raising("a.b"), raising("a.c")])
    assert root.alike_words == "2 more requirements are not met: the client raised IndexError: index ... out of range"


def test_a_cause_of_its_own_has_no_reason_to_show():
    (cause,) = causes([raising("a.a")])
    assert (cause.reason, cause.alike, cause.root) == ("", (), "")


@pytest.mark.parametrize(("verdict", "platform"), [(Verdict.WARNING, "node 20"), (Verdict.PASS, ""), (Verdict.ERROR, "")])
def test_the_platform_is_named_where_it_decides_a_finding_against_the_client(verdict, platform):
    (cause,) = causes([a_result(verdict, platform="node 20")])
    assert cause.platform == platform


def test_the_damage_is_the_worst_by_its_rank():
    (cause,) = causes([a_result(damage=Damage.BURDEN), a_result(variant="v", damage=Damage.SECRET)])
    assert cause.damage is Damage.SECRET
    (cause,) = causes([a_result(damage=Damage.BURDEN), a_result(variant="v", damage=Damage.NO_TOKEN)])
    assert cause.damage is Damage.NO_TOKEN


def test_results_of_a_cause_are_ordered_by_verdict_and_damage_and_name():
    results = [
        a_result(Verdict.PASS, variant="a"),
        a_result(Verdict.CONSEQUENCE, variant="a", grant="x"),
        a_result(Verdict.WARNING, variant="b", damage=Damage.SECRET),
        a_result(Verdict.VIOLATION, variant="c", damage=Damage.BURDEN),
        a_result(Verdict.VIOLATION, variant="e", damage=Damage.SECRET),
        a_result(Verdict.VIOLATION, variant="d", damage=Damage.SECRET),
    ]
    (cause,) = causes(results)
    assert [each.scenario for each in cause.results] == [
        "scope.x.d[password]",
        "scope.x.e[password]",
        "scope.x.c[password]",
        "scope.x.b[password]",
        "scope.x.a[x]",
        "scope.x.a[password]",
    ]


def test_what_was_not_applicable_is_no_finding():
    (cause,) = causes([a_result(Verdict.NOT_APPLICABLE), a_result(Verdict.PASS, variant="v")])
    assert cause.findings == ()


def test_equal_causes_are_ordered_by_name():
    assert [cause.id for cause in causes([a_result(name="a.b"), a_result(name="a.a")])] == ["a.a", "a.b"]


@pytest.mark.parametrize(
    ("first", "second"),
    [("at 0xAB", "at 0xCD12"), ("token DEADBEEF", "token BEEFDEADC"), ("index 7", "index 12"), ("one\nmore", "one\nother")],
)
def test_what_changes_from_run_to_run_is_no_difference(first, second):
    assert len(cause_of(raising("a.a", first), raising("a.b", second))) == 1


@pytest.mark.parametrize(("length", "same"), [(199, False), (200, True)])
def test_only_the_start_of_a_message_is_compared(length, same):
    first, second = ("x" * length + end for end in "ab")
    assert (len(cause_of(raising("a.a", first), raising("a.b", second))) == 1) is same


@pytest.mark.parametrize("seen", ["an IndexError", "the client says: index 7 out of range"])
def test_a_finding_is_about_an_exception_whose_class_or_message_it_shows(seen):
    assert cause_of(raising("a.a", seen=seen), raising("a.b", seen=seen)) == [["a.a", "a.b"]]


def unexpected(name, seen, **error):
    return a_result(name=name, seen=seen, answer={"error": {"kind": "unexpected", **error}})


@pytest.mark.parametrize(
    ("seen", "error"),
    [
        ("a header field is missing", {"type": "IndexError", "message": None}),
        ("the client says: no", {"type": None, "message": "no"}),
        ("the client says: no", {"message": "no"}),
    ],
)
def test_an_exception_without_a_class_or_that_the_finding_does_not_show_is_no_common_reason(seen, error):
    assert len(cause_of(unexpected("a.a", seen, **error), unexpected("a.b", seen, **error))) == 2


def test_a_finding_may_show_only_the_start_of_a_long_message():
    error = {"type": "IndexError", "message": "x" * 40 + "y"}
    results = [unexpected(name, "the client says: " + "x" * 40 + "...", **error) for name in ("a.a", "a.b")]
    assert cause_of(*results) == [["a.a", "a.b"]]


def test_a_usable_token_is_no_common_reason():
    results = [a_result(name=name, answer={"token": {"access_token": "t"}}, seen='it got "t"') for name in ("a.a", "a.b")]
    assert len(cause_of(*results)) == 2


def test_a_finding_may_show_only_the_start_of_what_was_handed_out():
    answer, shown = {"token": {"access_token": ["x" * 100]}}, '["' + "x" * 58
    results = [a_result(name=name, answer=answer, seen=f"the client returned {shown}") for name in ("a.a", "a.b")]
    assert cause_of(*results) == [["a.a", "a.b"]]


def test_requirements_with_several_reasons_each_are_no_one_cause():
    results = [raising(name, message, variant=message) for name in ("a.a", "a.b") for message in ("one", "another")]
    assert len(cause_of(*results)) == 2


def test_a_result_without_findings_or_exchanges_says_its_reason_in_its_message():
    results = [replace(raising(name), findings=(), exchanges=(), message="an IndexError") for name in ("a.a", "a.b")]
    assert cause_of(*results) == [["a.a", "a.b"]]


def test_a_known_finding_comes_before_what_is_met():
    (cause,) = causes([a_result(Verdict.PASS, variant="v"), a_result(expected={"reason": "r"})])
    assert cause.worst.verdict is Verdict.VIOLATION


def test_the_class_of_an_exception_without_a_message_is_the_reason():
    root, _ = causes([unexpected(name, "an IndexError", type="IndexError", message=None) for name in ("a.a", "a.b")])
    assert root.reason == "the client raised IndexError: "
