"""The starter of JavaScript: the skeleton runs as it is, and the loop answers whatever a client does."""

import shutil
import time
from pathlib import Path

import pytest

import oauth_gauntlet
from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterError, ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo

STARTER = Path(oauth_gauntlet.__file__).parent / "starters" / "javascript"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture
def adapter():
    adapter = ProcessAdapter(["node", str(Path(__file__).parent / "waits.mjs")])
    adapter.hello()
    yield adapter
    adapter.close()


def told(adapter, behaviour):
    adapter.configure({"client_id": behaviour})
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    return caught.value.error


def test_the_skeleton_keeps_the_protocol_and_says_what_to_fill_in(tmp_path):
    shutil.copytree(STARTER, tmp_path / "mine")
    checks = list(check_adapter(parse_spec(f"cmd:node {tmp_path / 'mine' / 'adapter.mjs'}")))
    (problem,) = [check for check in checks if check.outcome != "ok"]
    assert problem.title == "client_credentials: a token is handed out"
    assert "fill in get_token" in problem.advice
    assert checks[-1].title == "close ends the adapter in order"


def test_hello_speaks_version_1(adapter):
    assert Capability.CANCEL in adapter.hello().capabilities


def test_the_first_callers_are_cancelled_and_the_others_are_not(adapter):
    adapter.configure({"client_id": "waits"})
    began = time.monotonic()
    first, second, third = adapter.get_tokens(3, 2)
    assert (first.kind, second.kind) == ("cancelled", "cancelled")
    assert third.access_token == "without one"
    # A tenth of a second before the others begin, and then as long as these take.
    assert 0.6 <= time.monotonic() - began < 5


def test_without_a_cancel_nobody_has_a_signal(adapter):
    adapter.configure({"client_id": "waits"})
    assert [token.access_token for token in adapter.get_tokens(2)] == ["without one", "without one"]


def test_a_caller_that_throws_is_one_answer_among_others(adapter):
    adapter.configure({"client_id": "throws at once"})
    answers = adapter.get_tokens(2)
    assert all(isinstance(answer, ErrorInfo) for answer in answers)
    assert [(answer.kind, answer.type, answer.message) for answer in answers] == [("unexpected", "RangeError", "at once")] * 2


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [("throws where nobody catches", "reading 'nothing'"), ("rejects where nobody catches", "left alone")],
)
def test_what_nobody_could_catch_is_an_answer(adapter, behaviour, message):
    error = told(adapter, behaviour)
    assert error.kind == "unexpected"
    assert error.message.startswith("uncaught, which ends an application: ")
    assert message in error.message
    adapter.configure({"client_id": "prints"})
    assert adapter.get_token().access_token == "one"


def test_between_questions_it_ends_the_adapter(adapter):
    adapter.configure({"client_id": "throws later"})
    adapter.get_token()
    time.sleep(0.5)
    with pytest.raises(AdapterError, match=r"exit code 1(.|\n)*reading 'nothing'"):
        adapter.get_token()


def test_members_of_another_type_stand_in_extra(adapter):
    adapter.configure({"client_id": "hands out odd members"})
    token = adapter.get_token()
    assert (token.access_token, token.expires_in, token.scope, token.token_type) == ("one", None, None, None)
    assert token.extra == {"expires_in": None, "scope": ["a"]}


def test_what_is_nested_too_deep_stays_out(adapter):
    adapter.configure({"client_id": "hands out what is nested"})
    assert (adapter.get_token().access_token, adapter.get_token().extra) == ("one", {})
