"""The loop of the JavaScript starter answers whatever the client does; test_loops.py runs the starter itself."""

import shutil
import time
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.errors import AdapterEnded, AdapterError, ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorInfo

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture
def adapter():
    adapter = ProcessAdapter(["node", str(Path(__file__).parent / "waits.mjs")])
    adapter.hello()
    yield adapter
    adapter.close()


def test_hello_has_the_declarations_of_the_adapter(adapter):
    assert Capability.CANCEL in adapter.hello().capabilities


def test_the_first_callers_are_cancelled_and_the_others_are_not(adapter):
    adapter.configure({"client_id": "waits"})
    began = time.monotonic()
    first, second, third = adapter.get_tokens(3, 2)
    assert (first.kind, second.kind) == ("cancelled", "cancelled")
    assert third.access_token == "without one"
    # The others start 0.1 s after the first, and take 1 s.
    assert time.monotonic() - began >= 1.1


def test_calls_that_are_not_cancelled_get_no_signal(adapter):
    adapter.configure({"client_id": "waits"})
    assert [token.access_token for token in adapter.get_tokens(2)] == ["without one", "without one"]


def test_a_call_that_throws_has_an_error_in_the_results(adapter):
    adapter.configure({"client_id": "throws at once"})
    answers = adapter.get_tokens(2)
    assert all(isinstance(answer, ErrorInfo) for answer in answers)
    assert [(answer.kind, answer.type, answer.message) for answer in answers] == [("unexpected", "RangeError", "at once")] * 2


@pytest.mark.parametrize(
    ("behaviour", "message"),
    [("throws in a timer", "reading 'nothing'"), ("rejects a promise that is not awaited", "left alone")],
)
def test_an_uncaught_exception_of_the_client_ends_the_process(adapter, behaviour, message):
    adapter.configure({"client_id": behaviour})
    with pytest.raises(AdapterEnded, match=rf"exit code 1(.|\n)*{message}"):
        adapter.get_token()


def test_an_uncaught_exception_between_operations_ends_the_process(adapter):
    adapter.configure({"client_id": "throws after its answer"})
    adapter.get_token()
    adapter.adapter_process._process.wait(60)  # the exception comes 0.1 s after the answer
    with pytest.raises(AdapterEnded, match=r"exit code 1(.|\n)*reading 'nothing'"):
        adapter.get_token()


def test_an_uncaught_exception_of_the_adapter_is_its_own(adapter):
    adapter.configure({"client_id": "an adapter that throws in a timer"})
    with pytest.raises(AdapterError, match=r"broke by itself \(exit code 70\)(.|\n)*reading 'nothing'") as caught:
        adapter.get_token()
    assert not isinstance(caught.value, AdapterEnded)


def test_where_an_exception_was_thrown_is_on_stderr_without_its_message(adapter):
    adapter.configure({"client_id": "throws at once"})
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    assert "adapter-loop: RangeError, thrown here" in caught.value.trace
    assert "waits_client.mjs" in caught.value.trace
    assert "RangeError: at once" not in caught.value.trace


def test_details_of_another_type_are_null_and_named(adapter):
    adapter.configure({"client_id": "reports details of other types"})
    with pytest.raises(ClientFailure) as caught:
        adapter.get_token()
    error = caught.value.error
    assert (error.oauth_error, error.http_status, error.retry_after) == (None, None, 1.5)
    assert "oauth_error is a object" in caught.value.trace


def test_members_of_another_type_are_in_extra(adapter):
    adapter.configure({"client_id": "returns members of other types"})
    token = adapter.get_token()
    assert (token.access_token, token.expires_in, token.scope, token.token_type) == ("one", None, None, None)
    assert token.extra == {"expires_in": None, "scope": ["a"]}


def test_nesting_that_is_too_deep_is_left_out(adapter):
    adapter.configure({"client_id": "returns deep nesting"})
    assert (adapter.get_token().access_token, adapter.get_token().extra) == ("one", {})
