"""The loop of each starter reports whatever a client throws: texts and numbers of other types never break the protocol."""

import pytest

from tests.schema_agreement import PROTOCOL, matches

pytestmark = pytest.mark.slow


def error(program, behaviour):
    assert program.ask("configure", config={"client_id": behaviour})["ok"] == {}
    answer = program.ask("get_token")
    assert matches(PROTOCOL, "get_token_answer", answer) is True, answer
    return answer["error"]


@pytest.mark.parametrize("behaviour", ["odd error", "unreadable error"])
def test_an_error_of_any_make_is_an_answer(program, behaviour):
    made = error(program, behaviour)
    assert (made["kind"], type(made["message"]), type(made["type"])) == ("unexpected", str, str)
    assert error(program, behaviour) == made
    assert program.ask("close")["ok"] == {}
    assert program.end() == (0, [])


def test_a_detail_of_another_type_is_null(program):
    made = error(program, "odd details")
    assert (made["kind"], type(made["message"])) == ("oauth", str)
    assert [made.get(name) for name in ("oauth_error", "oauth_error_description", "oauth_error_uri")] == [None] * 3
    assert (made.get("http_status"), made.get("retry_after")) == (None, None)
    assert program.end() == (0, [])
