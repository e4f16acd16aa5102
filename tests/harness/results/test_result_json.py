import copy
from dataclasses import replace

import pytest

from oauth_gauntlet.model import BasisKind, Binds, Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.reading import Malformed, shown
from oauth_gauntlet.results.result_json import (
    ending_from_json,
    header_from_json,
    result_from_json,
    results_from_json,
    total_from_json,
)

EXCHANGE = {
    "request": {"method": "POST", "target": "/t/token", "headers": [["Host", "x"]], "body": "a=b"},
    "response": {"status": 200, "reason": "OK", "headers": [], "body": "", "body_truncated": True, "body_length": 9},
    "fault": None,
}
RESULT = Result(
    id="a.b",
    scenario="a.b[password]",
    grant="password",
    level=Level.MUST,
    basis=(quote("RFC 6749 5", "The client MUST do so."),),
    statement="It does.",
    verdict=Verdict.VIOLATION,
    message="expected x; y",
    findings=(Finding(expected="x", seen="y", grade=Verdict.VIOLATION, mark=Mark(text="z")),),
    answer={"error": {}},
    notes=("note",),
    exchanges=(EXCHANGE,),
    covered_by=("a.c",),
)
RUN = Run(
    tool_version="0",
    client={"name": "c"},
    declared={},
    options={"set": {"name": "all"}, "environment": {"TZ": "UTC"}},
    started_at="2026-11-24T00:00:00Z",
)


def changed(document, way, value):
    result = copy.deepcopy(document)
    place = result
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return result


def test_a_written_value_is_read_back():
    assert result_from_json(RESULT.to_json()) == RESULT
    assert header_from_json(RUN.header_json()) == RUN
    assert results_from_json({"results": [RESULT.to_json()]}) == (RESULT,)
    assert ending_from_json({"duration_s": 1, "complete": False}) == (1.0, False)


def removed(document, way):
    result = copy.deepcopy(document)
    place = result
    for step in way[:-1]:
        place = place[step]
    del place[way[-1]]
    return result


def name_of(way):
    """Return what errors call a member: ``findings[0].grade``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in way).removeprefix(".")


def test_optional_members_of_a_result_have_defaults():
    optional = ("profile", "covered_by", "expected", "findings", "answer", "notes", "exchanges", "reproduce")
    document = {key: value for key, value in RESULT.to_json().items() if key not in optional}
    bare = result_from_json(document)
    assert (bare.profile, bare.covered_by) == (None, ())
    assert (bare.expected, bare.findings, bare.answer, bare.notes, bare.exchanges, bare.reproduce) == (
        None,
        (),
        None,
        (),
        (),
        "",
    )


def test_every_member_of_a_result_is_read():
    bare = Finding(expected="x", seen="", grade=Verdict.WARNING)
    full = replace(RESULT, expected={"reason": "known"}, duration_s=0.5, findings=(*RESULT.findings, bare))
    assert result_from_json(full.to_json()) == full


REQUEST, RESPONSE = (["exchanges", 0, part] for part in ("request", "response"))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        (["exchanges", 0, "response"], None),
        ([*REQUEST, "http_version"], "1.1"),
        ([*REQUEST, "http_version"], None),
        ([*RESPONSE, "reason"], None),
        ([*RESPONSE, "status"], 0),
        ([*RESPONSE, "body_length"], 0),
        ([*RESPONSE, "body_truncated"], False),
        (["exchanges", 0, "fault"], "drip"),
        (["duration_s"], 0),
        (["duration_s"], 1e12),
        (["findings", 0, "mark", "exchange"], -2),
        (["findings", 0, "mark"], None),
        (["another"], "member"),
    ],
)
def test_valid_values_of_members_are_accepted(way, value):
    document = changed(RESULT.to_json(), way, value)
    read = result_from_json(document).to_json()
    assert read == (document if way != ["another"] else RESULT.to_json())


def test_only_a_truncated_body_needs_its_length():
    document = changed(RESULT.to_json(), [*RESPONSE, "body_truncated"], False)
    assert result_from_json(removed(document, [*RESPONSE, "body_length"])).exchanges[0]["response"]["status"] == 200


A_TEXT_OR_NULL = "a string or null"
A_TEXT, AN_OBJECT, A_LIST, A_NUMBER = "a string", "an object", "a list", "a whole number"
A_COUNT, A_DURATION = "a number of at least 0", "a number of seconds"
A_LEVEL, A_VERDICT = (f"one of {', '.join(kind)}" for kind in (Level, Verdict))


@pytest.mark.parametrize(
    ("way", "value", "wanted"),
    [
        *(([name], None, A_TEXT) for name in ("id", "scenario", "grant", "statement", "message", "reproduce")),
        (["profile"], 5, A_TEXT_OR_NULL),
        (["covered_by"], "a.c", A_LIST),
        (["covered_by", 0], 5, A_TEXT),
        (["basis"], {}, A_LIST),
        (["basis", 0], "RFC 6749", AN_OBJECT),
        (["basis", 0, "kind"], "hearsay", f"one of {', '.join(BasisKind)}"),
        (["basis", 0, "binds"], "all", f"one of {', '.join(Binds)}"),
        *((["basis", 0, name], 5, A_TEXT) for name in ("sentence", "document", "section")),
        (["verdict"], "passed", A_VERDICT),
        (["verdict"], None, A_VERDICT),
        (["level"], ["must"], A_LEVEL),
        *((["duration_s"], value, A_DURATION) for value in (float("nan"), 10**400, -1, -0.5, 10**12 + 1, True, "1", None)),
        (["findings"], {}, A_LIST),
        (["findings", 0], [], AN_OBJECT),
        (["findings", 0, "expected"], 1, A_TEXT),
        (["findings", 0, "seen"], 1, A_TEXT),
        (["findings", 0, "grade"], 5, A_VERDICT),
        (["findings", 0, "mark"], "z", AN_OBJECT),
        (["findings", 0, "mark", "text"], 1, A_TEXT),
        (["findings", 0, "mark", "part"], 1, A_TEXT),
        *((["findings", 0, "mark", "exchange"], value, A_NUMBER) for value in ("1", 1.0, True)),
        (["exchanges"], None, A_LIST),
        (["exchanges", 0], [], AN_OBJECT),
        (["exchanges", 0, "fault"], 5, A_TEXT_OR_NULL),
        (REQUEST, None, AN_OBJECT),
        *(([*REQUEST, name], 5, A_TEXT) for name in ("method", "target", "body")),
        ([*REQUEST, "http_version"], 5, A_TEXT_OR_NULL),
        ([*REQUEST, "method"], None, A_TEXT),
        ([*REQUEST, "headers"], {}, A_LIST),
        *(([*REQUEST, "headers", 0], value, "[name, value]") for value in (["a"], ["a", "b", "c"], ["a", 1], "ab", [1, "a"])),
        (RESPONSE, [], AN_OBJECT),
        ([*RESPONSE, "status"], "200", A_NUMBER),
        ([*RESPONSE, "status"], -1, A_COUNT),
        ([*RESPONSE, "reason"], 5, A_TEXT_OR_NULL),
        ([*RESPONSE, "headers"], None, A_LIST),
        ([*RESPONSE, "body"], None, A_TEXT),
        ([*RESPONSE, "body_length"], None, A_NUMBER),
        ([*RESPONSE, "body_length"], -1, A_COUNT),
        (["answer"], "token", AN_OBJECT),
        (["notes"], "note", A_LIST),
        (["notes", 0], 5, A_TEXT),
        (["expected"], True, AN_OBJECT),
    ],
)
def test_a_member_of_another_type_is_named(way, value, wanted):
    with pytest.raises(Malformed) as caught:
        result_from_json(changed(RESULT.to_json(), way, value))
    assert str(caught.value) == f"{name_of(way)}: expected {wanted}, got {shown(value)}"


@pytest.mark.parametrize("name", ["id", "scenario", "grant", "statement", "message", "duration_s"])
def test_a_member_that_is_missing_is_named(name):
    with pytest.raises(Malformed) as caught:
        result_from_json(removed(RESULT.to_json(), [name]))
    assert str(caught.value) == f"{name}: missing"


def test_an_exchange_without_a_response_needs_null():
    with pytest.raises(Malformed) as caught:
        result_from_json(removed(RESULT.to_json(), RESPONSE))
    assert str(caught.value) == "exchanges[0].response: missing; null where there was no response"


@pytest.mark.parametrize("value", [None, [], "result"])
def test_a_value_that_is_not_an_object_is_rejected(value):
    for read in (result_from_json, header_from_json):
        with pytest.raises(Malformed) as caught:
            read(value)
        assert str(caught.value) == f"it: expected an object, got {shown(value)}"


@pytest.mark.parametrize(
    ("way", "value", "wanted"),
    [
        (["schema"], "other/1", "oauth-gauntlet/results/2"),
        (["schema"], None, "oauth-gauntlet/results/2"),
        *(([name], None, AN_OBJECT) for name in ("client", "declared", "options", "tool")),
        (["client", "name"], 5, A_TEXT_OR_NULL),
        (["options", "set"], "all", AN_OBJECT),
        (["options", "set", "name"], None, A_TEXT),
        (["options", "clock"], 5, A_TEXT_OR_NULL),
        (["options", "environment", "TZ"], 5, A_TEXT),
        (["options", "effort"], 5, A_TEXT_OR_NULL),
        (["options", "selection"], "x", AN_OBJECT),
        (["options", "profiles"], "x", "a list"),
        (["options", "profiles_not_asked"], "x", "a list"),
        (["tool", "version"], None, A_TEXT),
        (["started_at"], 5, A_TEXT),
    ],
)
def test_a_wrong_member_of_a_header_is_named(way, value, wanted):
    with pytest.raises(Malformed) as caught:
        header_from_json(changed(RUN.header_json(), way, value))
    assert str(caught.value) == f"{name_of(way)}: expected {wanted}, got {shown(value)}"


@pytest.mark.parametrize("name", ["client", "declared", "options", "tool", "started_at"])
def test_a_missing_member_of_a_header_is_named(name):
    with pytest.raises(Malformed) as caught:
        header_from_json(removed(RUN.header_json(), [name]))
    assert str(caught.value) == f"{name}: missing"


@pytest.mark.parametrize("options", [{}, {"set": None, "effort": None, "clock": None}, {"effort": "strict", "clock": "fake"}])
def test_optional_options_of_a_header_are_accepted(options):
    header = {**RUN.header_json(), "options": options}
    assert header_from_json(header) == replace(RUN, options=options)


def test_a_client_may_leave_out_its_version():
    header = changed(RUN.header_json(), ["client", "version"], None)
    assert header_from_json(header).client == {"name": "c", "version": None}


def test_the_total_of_a_plan_is_checked():
    assert total_from_json({"total": 0}) == 0
    for document, words in (
        ({}, "total: missing"),
        ({"total": "5"}, "total: expected a whole number, got '5'"),
        ({"total": -1}, "total: expected a number of at least 0, got -1"),
    ):
        with pytest.raises(Malformed) as caught:
            total_from_json(document)
        assert str(caught.value) == words


def test_a_wrong_result_is_named_by_its_index():
    with pytest.raises(Malformed, match=r"^results\[1\].id: missing$"):
        results_from_json({"results": [RESULT.to_json(), {}]})


@pytest.mark.parametrize("value", [None, 5])
def test_results_that_are_not_a_list_are_rejected(value):
    with pytest.raises(Malformed) as caught:
        results_from_json({"results": value})
    assert str(caught.value) == f"results: expected a list, got {value}"


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "complete: expected true or false, got None"),
        ({"complete": 1, "duration_s": 1}, "complete: expected true or false, got 1"),
        ({"complete": True}, "duration_s: missing"),
        ({"complete": True, "duration_s": -1}, "duration_s: expected a number of seconds, got -1"),
    ],
)
def test_a_wrong_ending_is_rejected(document, words):
    with pytest.raises(Malformed) as caught:
        ending_from_json(document)
    assert str(caught.value) == words
