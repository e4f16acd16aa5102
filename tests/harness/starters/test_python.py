"""The loop of the Python starter answers whatever the client does; test_loops.py runs the starter itself."""

import os
import sys
import time
from pathlib import Path

import pytest

import oauth_gauntlet
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterEnded, ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo, ResourceRequest

STARTER = Path(oauth_gauntlet.__file__).parent / "starters" / "python"
ANSWERS = str(Path(__file__).parent / "answers.py")


def started(*arguments):
    environment = {**os.environ, "PYTHONPATH": str(STARTER)}
    adapter = ProcessAdapter([sys.executable, ANSWERS, *arguments], env=environment)
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


def error_of(adapter, behaviour):
    adapter.configure({"client_id": behaviour})
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    return caught.value.error


@pytest.mark.parametrize(
    ("behaviour", "kind", "native", "message"),
    [
        ("raises a lookup error", "protocol", "builtins.KeyError", "'nothing'"),
        ("raises an undocumented error", "unexpected", "builtins.ZeroDivisionError", "by zero"),
        ("raises a failure with a cause", "timeout", "builtins.TimeoutError", "too slow"),
    ],
)
def test_an_exception_has_the_kind_of_its_class(adapter, behaviour, kind, native, message):
    error = error_of(adapter, behaviour)
    assert (error.kind, error.type, error.message) == (kind, native, message)


def test_a_failure_has_the_members_that_the_adapter_gives(adapter):
    error = error_of(adapter, "raises an oauth failure")
    assert (error.kind, error.message, error.type) == ("oauth", "invalid_scope: no", "")
    assert (error.oauth_error, error.http_status, error.oauth_error_uri) == ("invalid_scope", 400, None)


def test_an_operation_after_a_refused_configuration_has_kind_config(adapter):
    adapter.configure({"client_id": "prints"})
    for operation in (lambda: adapter.configure({"client_id": "refused"}), adapter.get_token):
        with pytest.raises(ClientFailure) as caught:
            operation()
        assert caught.value.error.kind == "config"


def test_text_that_the_client_prints_is_not_an_answer(adapter):
    adapter.configure({"client_id": "prints"})
    assert adapter.get_token().access_token == "one"


def test_members_of_another_type_are_in_extra(adapter):
    adapter.configure({"client_id": "returns members of other types"})
    token = adapter.get_token()
    assert (token.access_token, token.expires_in, token.scope, token.token_type) == ("one", None, None, None)
    assert set(token.extra) == {"expires_in", "scope", "token_type"}


def test_a_large_integer_ends_nothing(adapter):
    adapter.configure({"client_id": "returns a large integer"})
    assert adapter.get_token().access_token == "one"


def test_nesting_that_is_too_deep_is_left_out(adapter):
    adapter.configure({"client_id": "returns deep nesting"})
    assert (adapter.get_token().access_token, adapter.get_token().extra) == ("one", {})


def test_what_is_no_exception_is_an_answer_too(adapter):
    assert error_of(adapter, "raises what is no exception").kind == "timeout"
    assert [answer.kind for answer in adapter.get_tokens(2)] == ["timeout"] * 2


def test_an_exit_ends_the_process(adapter):
    adapter.configure({"client_id": "exits"})
    with pytest.raises(AdapterEnded):
        adapter.get_token()


def test_concurrent_callers_have_an_answer_each(adapter):
    adapter.configure({"client_id": "raises a lookup error"})
    answers = adapter.get_tokens(3)
    assert [answer.kind for answer in answers] == ["protocol"] * 3


def test_concurrent_requests_run_on_a_thread_each(adapter):
    adapter.configure({"client_id": "prints"})
    answers = adapter.requests([ResourceRequest(url=f"/{place}", headers={"A": "b"}) for place in range(3)])
    assert [answer.body for answer in answers] == ["GET /0 None", "GET /1 None", "GET /2 None"]
    assert answers[0].headers == (("A", "b"),)


def test_the_clock_moves_and_configure_resets_it(adapter):
    assert Capability.CLOCK in adapter.hello().capabilities
    adapter.configure({"client_id": "prints"})
    for seconds, ahead in ((5000, 5000), (-2000, 3000)):
        adapter.advance_clock(seconds)
        assert adapter.now() - time.time() == pytest.approx(ahead, abs=60)
    adapter.configure({"client_id": "prints"})
    assert adapter.now() == pytest.approx(time.time(), abs=60)


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
    # The others start 0.1 s after the first, and take 1 s.
    assert time.monotonic() - began >= 1.1


def test_a_cancellation_without_a_request_has_kind_unexpected(awaiting):
    assert error_of(awaiting, "cancels itself").kind == "unexpected"
    (answer,) = awaiting.get_tokens(1)
    assert isinstance(answer, ErrorInfo)
    assert (answer.kind, answer.type) == ("unexpected", "asyncio.exceptions.CancelledError")


@pytest.mark.parametrize(("zone", "offset"), [("UTC", 0), ("IST-5:30", 19_800)])
def test_now_tells_how_far_local_time_is_ahead_of_utc(zone, offset):
    environment = {**os.environ, "PYTHONPATH": str(STARTER), "TZ": zone}
    adapter = ProcessAdapter([sys.executable, ANSWERS], env=environment)
    assert adapter.utc_offset() == offset
    adapter.close()
