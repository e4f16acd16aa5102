import copy

import pytest

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.result_form import FormError, ending_from_json, header_from_json, result_from_json, results_from_json

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
    source="RFC 6749",
    statement="It does.",
    verdict=Verdict.FAIL,
    message="expected x; y",
    findings=(Finding(expected="x", seen="y", grade=Verdict.FAIL, mark=Mark(text="z")),),
    answer={"error": {}},
    exchanges=(EXCHANGE,),
)
RUN = Run(
    tool_version="0", client={"name": "c"}, declared={}, options={"set": {"name": "all"}}, started_at="2026-11-24T00:00:00Z"
)


def changed(document, way, value):
    result = copy.deepcopy(document)
    place = result
    for step in way[:-1]:
        place = place[step]
    place[way[-1]] = value
    return result


def test_what_was_written_is_read():
    assert result_from_json(RESULT.to_json()) == RESULT
    assert header_from_json(RUN.header_json()) == RUN
    assert results_from_json({"results": [RESULT.to_json()]}) == (RESULT,)
    assert ending_from_json({"duration_s": 1, "complete": False}) == (1.0, False)


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        (["verdict"], "passed", "verdict: expected one of pass, fail, .*, got 'passed'"),
        (["level"], ["must"], "level: expected one of"),
        (["message"], None, "message: expected a string, got None"),
        (["duration_s"], float("nan"), "duration_s: expected a number of seconds"),
        (["duration_s"], 10**400, "duration_s: expected a number of seconds"),
        (["duration_s"], True, "duration_s: expected a number of seconds"),
        (["findings", 0, "grade"], 5, r"findings\[0\].grade: expected one of"),
        (["findings", 0, "mark", "exchange"], "1", r"findings\[0\].mark.exchange: expected a whole number"),
        (["exchanges", 0], [], r"exchanges\[0\]: expected an object"),
        (["exchanges", 0, "request"], None, r"exchanges\[0\].request: expected an object"),
        (["exchanges", 0, "request", "headers", 0], ["a"], r"exchanges\[0\].request.headers\[0\]: expected \[name, value\]"),
        (["exchanges", 0, "response", "status"], "200", r"exchanges\[0\].response.status: expected a whole number"),
        (["exchanges", 0, "response", "body_length"], None, r"exchanges\[0\].response.body_length: expected"),
        (["answer"], "token", "answer: expected an object"),
        (["notes"], "note", "notes: expected a list"),
        (["expected"], True, "expected: expected an object"),
    ],
)
def test_a_member_of_another_type_is_named(way, value, words):
    with pytest.raises(FormError, match=words):
        result_from_json(changed(RESULT.to_json(), way, value))


@pytest.mark.parametrize(
    ("way", "value", "words"),
    [
        (["schema"], "other/1", "schema: expected oauth-gauntlet/results/1, got 'other/1'"),
        (["client"], None, "client: expected an object"),
        (["client", "name"], 5, "client.name: expected a string"),
        (["options", "set"], "all", "options.set: expected an object"),
        (["options", "set"], {}, "options.set.name: expected a string"),
        (["options", "clock"], 5, "options.clock: expected a string"),
        (["tool"], {}, "tool.version: expected a string"),
        (["started_at"], 5, "started_at: expected a string"),
    ],
)
def test_a_header_of_another_form_is_told(way, value, words):
    with pytest.raises(FormError, match=words):
        header_from_json(changed(RUN.header_json(), way, value))


def test_which_of_many_results_is_wrong_is_told():
    with pytest.raises(FormError, match=r"results\[1\].id: missing"):
        results_from_json({"results": [RESULT.to_json(), {}]})


@pytest.mark.parametrize(
    "document", [{}, {"complete": True}, {"complete": 1, "duration_s": 1}, {"complete": True, "duration_s": -1}]
)
def test_an_ending_that_is_none(document):
    with pytest.raises(FormError):
        ending_from_json(document)
