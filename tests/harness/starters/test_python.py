"""The starter of Python: the skeleton runs as it is, and the loop answers whatever a client does."""

import shutil
import sys
import time
from pathlib import Path

import pytest

import oauth_gauntlet
from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo

STARTER = Path(oauth_gauntlet.__file__).parent / "starters" / "python"
ANSWERS = str(Path(__file__).parent / "answers.py")


def started(*arguments):
    adapter = ProcessAdapter([sys.executable, ANSWERS, *arguments])
    adapter.hello()
    return adapter


@pytest.fixture
def adapter():
    adapter = started()
    yield adapter
    adapter.close()


@pytest.fixture
def awaiting():
    adapter = started("awaits")
    yield adapter
    adapter.close()


def told(adapter, behaviour):
    adapter.configure({"client_id": behaviour})
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    return caught.value.error


def test_the_skeleton_keeps_the_protocol_and_says_what_to_fill_in(tmp_path):
    shutil.copytree(STARTER, tmp_path / "mine")
    checks = list(check_adapter(parse_spec(f"cmd:{sys.executable} {tmp_path / 'mine' / 'adapter.py'}")))
    (problem,) = [check for check in checks if check.outcome != "ok"]
    assert problem.title == "client_credentials: a token is handed out"
    assert "fill in get_token" in problem.advice
    assert checks[-1].title == "close ends the adapter in order"


@pytest.mark.parametrize(
    ("behaviour", "kind", "native", "message"),
    [
        ("is a lookup", "protocol", "builtins.KeyError", "'nothing'"),
        ("is nothing known", "unexpected", "builtins.ZeroDivisionError", "by zero"),
        ("says why", "timeout", "builtins.TimeoutError", "too slow"),
    ],
)
def test_an_exception_is_answered_with_the_kind_of_its_class(adapter, behaviour, kind, native, message):
    error = told(adapter, behaviour)
    assert (error.kind, error.type, error.message) == (kind, native, message)


def test_a_failure_says_what_the_client_said_of_the_answer(adapter):
    error = told(adapter, "is told of an error")
    assert (error.kind, error.message, error.type) == ("oauth", "invalid_scope: no", "")
    assert (error.oauth_error, error.http_status, error.oauth_error_uri) == ("invalid_scope", 400, None)


def test_after_a_refused_configuration_there_is_no_client(adapter):
    adapter.configure({"client_id": "prints"})
    for operation in (lambda: adapter.configure({"client_id": "refused"}), adapter.get_token):
        with pytest.raises(ClientFailure) as caught:
            operation()
        assert caught.value.error.kind == "config"


def test_what_the_client_prints_is_no_answer(adapter):
    adapter.configure({"client_id": "prints"})
    assert adapter.get_token().access_token == "one"


def test_members_of_another_type_stand_in_extra(adapter):
    adapter.configure({"client_id": "hands out odd members"})
    token = adapter.get_token()
    assert (token.access_token, token.expires_in, token.scope, token.token_type) == ("one", None, None, None)
    assert set(token.extra) == {"expires_in", "scope", "token_type"}


def test_what_is_nested_too_deep_stays_out(adapter):
    adapter.configure({"client_id": "hands out what is nested"})
    assert (adapter.get_token().access_token, adapter.get_token().extra) == ("one", {})


def test_callers_at_once_each_have_an_answer(adapter):
    adapter.configure({"client_id": "is a lookup"})
    answers = adapter.get_tokens(3)
    assert [answer.kind for answer in answers] == ["protocol"] * 3


def test_the_clock_is_moved_and_put_back(adapter):
    assert Capability.CLOCK in adapter.hello().capabilities
    adapter.configure({"client_id": "prints"})
    for seconds, ahead in ((5000, 5000), (-2000, 3000)):
        adapter.advance_clock(seconds)
        assert adapter.now() - time.time() == pytest.approx(ahead, abs=5)
    adapter.configure({"client_id": "prints"})
    assert adapter.now() == pytest.approx(time.time(), abs=5)


def test_coroutines_of_one_adapter_share_an_event_loop(awaiting):
    awaiting.configure({"client_id": "is quick"})
    assert [awaiting.get_token().access_token for _ in range(2)] == ["True", "True"]
    assert [token.access_token for token in awaiting.get_tokens(2)] == ["True", "True"]


def test_the_first_callers_are_cancelled_and_the_others_are_not(awaiting):
    awaiting.configure({"client_id": "waits"})
    began = time.monotonic()
    first, second, third = awaiting.get_tokens(3, 2)
    assert (first.kind, second.kind) == ("cancelled", "cancelled")
    assert third.access_token == "True"
    # A tenth of a second before the others begin, and then as long as these take.
    assert 0.6 <= time.monotonic() - began < 5


def test_a_cancellation_that_nobody_asked_for_is_unexpected(awaiting):
    assert told(awaiting, "cancels itself").kind == "unexpected"
    (answer,) = awaiting.get_tokens(1)
    assert isinstance(answer, ErrorInfo)
    assert (answer.kind, answer.type) == ("unexpected", "asyncio.exceptions.CancelledError")
