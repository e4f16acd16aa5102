"""The operation ``requests`` in the loop of each language that serves concurrent callers.

The programs in ``echoes`` replace the starter's adapter: their client answers a request with what it was asked.
"""

import pytest

from tests.schema_agreement import PROTOCOL, matches

pytestmark = pytest.mark.slow

LANGUAGES = {"go", "java", "javascript", "python", "ruby", "rust"}
"""Languages whose loop serves concurrent callers."""

NO_CANCEL = {"ruby"}
"""Languages whose loop cannot cancel a call."""


@pytest.fixture(params=sorted(LANGUAGES))
def language(request):
    return request.param


@pytest.fixture
def program(program):
    assert program.ask("configure", config={})["ok"] == {}
    return program


def asked(url, method="GET", headers=None, body=None):
    return {"method": method, "url": url, "headers": headers or {}, "body": body}


def results(program, *requests, **arguments):
    """Return the answers to requests that are made at the same time; each has to match the schema."""
    answer = program.ask("requests", requests=requests, **arguments)
    assert matches(PROTOCOL, "requests_answer", answer) is True, answer
    return answer["ok"]["results"]


def test_each_request_has_its_own_answer_in_the_order_of_the_requests(program):
    first, second, third = results(
        program,
        asked("/one", "POST", {"A": "b"}, "text"),
        asked("fails", "PUT", body="not found"),
        asked("/three", headers={"C": "d"}),
    )
    assert first["response"] == {"status": 200, "headers": [["A", "b"]], "body": "POST /one text"}
    assert (second["error"]["kind"], "not found" in second["error"]["message"]) == ("protocol", True)
    assert third["response"]["body"].startswith("GET /three ")
    assert third["response"]["headers"] == [["C", "d"]]


def test_one_request_has_one_answer(program):
    (only,) = results(program, asked("/one", "DELETE"))
    assert only["response"]["body"].startswith("DELETE /one ")


def test_all_requests_are_under_way_at_the_same_time(program):
    answers = results(program, *[asked("meets")] * 3)
    assert [answer["response"]["status"] for answer in answers] == [200] * 3


@pytest.mark.parametrize("language", sorted(LANGUAGES - NO_CANCEL))
def test_the_first_requests_are_cancelled_and_the_others_are_not(program):
    first, second, third = results(program, asked("waits"), asked("waits"), asked("/three"), cancel=2)
    assert [first["error"]["kind"], second["error"]["kind"]] == ["cancelled"] * 2
    assert third["response"]["status"] == 200
