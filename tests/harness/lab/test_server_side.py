"""A client that does not answer is at fault if the server has finished; otherwise it waits, or its adapter broke."""

import shutil
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.adapter_program import AdapterLimits
from oauth_gauntlet.adapters.process_adapter import ProcessAdapter
from oauth_gauntlet.checks import NoAnswer, StillWaits
from oauth_gauntlet.errors import AdapterError, AdapterTimeout
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.lab.server_side import ServerSide
from oauth_gauntlet.model import Ending, Level, Verdict
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, GrantType
from oauth_gauntlet_server import connection_fault, faults

ROOT = Path(__file__).parents[3]

TRUNCATED = faults.fault("truncate", octets=40)
NULL = faults.http_status(200, "null", content_type="application/json")


@contextmanager
def driven(tenant, *command, limit_s=2.0):
    adapter = ProcessAdapter(command, limits=AdapterLimits(operation_s=limit_s, kill_s=0.5), cwd=str(ROOT))
    client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=GrantType.CLIENT_CREDENTIALS)
    client.configure(token_endpoint_auth_method="client_secret_post")
    yield client
    adapter.close()


def python(tenant, behaviour, **more):
    return driven(tenant, sys.executable, "-m", "tests.adapters.unanswered", behaviour, **more)


def ended(client):
    with pytest.raises(NoAnswer) as caught:
        client.try_get_token()
    return caught.value


def test_a_client_that_waits_for_ever_after_a_truncated_response_hangs(tenant):
    tenant.arm(TRUNCATED)
    with python(tenant, "hangs on a broken response") as client:
        found = ended(client)
    assert found.ending is Ending.HANG
    assert "never answers" in found.seen
    assert "HTTP 200 (fault truncate)" in found.seen
    assert [found.finding(level).grade for level in (Level.MUST, Level.UNSAFE, Level.INTEROP)] == [
        Verdict.VIOLATION,
        Verdict.HAZARD,
        Verdict.WARNING,
    ]


def test_a_client_that_sends_nothing_after_a_failure_hangs(tenant):
    tenant.arm(TRUNCATED, times=1)
    with python(tenant, "hangs after a failure") as client:
        assert isinstance(client.try_get_token(), ErrorInfo)
        found = ended(client)
    assert found.ending is Ending.HANG
    assert "nothing in this operation" in found.seen


@pytest.mark.parametrize(("behaviour", "how"), [("aborts on null", "signal SIGABRT"), ("exits on null", "exit code 1")])
def test_a_client_whose_process_ends_because_of_a_response_crashes(tenant, behaviour, how):
    tenant.arm(NULL)
    with python(tenant, behaviour) as client:
        found = ended(client)
    assert found.ending is Ending.CRASH
    assert how in found.seen
    assert "'null'" in found.seen
    assert [found.finding(level).grade for level in Level] == [
        Verdict.VIOLATION if level is Level.MUST else Verdict.HAZARD for level in Level
    ]


def test_a_client_that_waits_for_the_server_does_not_hang(tenant):
    tenant.arm(faults.fault("silence", seconds=5.0))
    with python(tenant, "none", limit_s=0.5) as client:
        answer = client.try_get_token()
    assert answer.kind in {"protocol", "transport"}


def test_a_server_that_does_not_finish_is_no_hang_of_the_client(tenant, monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.lab.server_side.ANSWERING_S", 0.5)
    tenant.arm(faults.fault("silence", seconds=600.0))
    with python(tenant, "none", limit_s=0.5) as client, pytest.raises(AdapterError, match="the server has not finished"):
        client.try_get_token()


def test_a_port_that_holds_a_connection_has_not_finished(server, tenant):
    ports = Ports(server)
    port = ports.open(connection_fault("silent_accept", seconds=600.0))
    server_side = ServerSide(tenant, ports)
    assert not server_side.unfinished()
    with python(tenant, "none") as client:
        client.use_ports(ports)
        client.configure(token_url=port.url_of(tenant), token_endpoint_auth_method="client_secret_post")
        ending = []
        asking = threading.Thread(target=lambda: ending.append(client.try_get_token()))
        asking.start()
        port.wait_for(1, timeout_s=60)
        assert "holds a connection" in server_side.unfinished()
        assert "silent" in server_side.last_sent()
        ports.close()
        asking.join()
    assert [isinstance(answer, ErrorInfo) for answer in ending] == [True]


def test_a_wait_that_the_server_has_asked_for_is_no_hang(tenant):
    server_side = ServerSide(tenant, None)
    tenant.arm(faults.http_status(503, "later", content_type="text/plain", headers=(("Retry-After", "120"),)))
    with python(tenant, "none") as client:
        client.try_get_token()
    assert server_side.answer_by(time.monotonic(), 10.0) > time.monotonic() + 5
    assert "Retry-After: 120" in server_side.asked_to_wait
    assert not server_side.hangs


def test_a_client_that_waits_as_asked_is_neither_at_fault_nor_a_broken_adapter(tenant, monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.lab.server_side.ANSWERING_S", 1.0)
    tenant.arm(faults.http_status(503, "later", content_type="text/plain", headers=(("Retry-After", "120"),)))
    with python(tenant, "hangs on a broken response") as client, pytest.raises(StillWaits, match=r"Retry-After: 120"):
        client.try_get_token()
    assert client.spent


def test_a_client_that_waits_for_a_silent_server_was_not_asked_to(tenant, monkeypatch):
    monkeypatch.setattr("oauth_gauntlet.lab.server_side.ANSWERING_S", 1.0)
    tenant.arm(faults.fault("silence", seconds=60.0))
    with python(tenant, "none") as client, pytest.raises(AdapterError, match="still sending a response, or waits"):
        client.try_get_token()


@pytest.mark.parametrize("behaviour", ["hangs before it sends", "exits before it sends"])
def test_a_client_that_sends_nothing_is_an_error_of_its_adapter(tenant, monkeypatch, behaviour):
    monkeypatch.setattr("oauth_gauntlet.lab.server_side.STARTING_S", 2.0)
    with python(tenant, behaviour) as client, pytest.raises(AdapterError) as caught:
        client.try_get_token()
    assert isinstance(caught.value, AdapterTimeout) == (behaviour == "hangs before it sends")


def test_an_adapter_that_breaks_itself_is_no_crash_of_the_client(tenant):
    tenant.arm(NULL)
    with python(tenant, "the adapter cannot explain") as client, pytest.raises(AdapterError, match="broke by itself") as caught:
        client.try_get_token()
    assert "no details" in str(caught.value)


def test_an_adapter_that_does_not_catch_everything_is_no_crash_of_the_client(tenant):
    with driven(tenant, sys.executable, "-m", "tests.adapters.faulty", "exit") as client:
        tenant.arm(TRUNCATED)
        with pytest.raises(AdapterError, match="catch every exception"):
            client.try_get_token()


def test_where_an_exception_was_raised_is_kept_without_its_message(tenant):
    with python(tenant, "the adapter itself raises") as client:
        answer = client.try_get_token()
    assert answer.message == "'no such key'"
    assert "line" in client.trace
    assert 'self.config["no such key"]' in client.trace
    assert "KeyError: 'no such key'" not in client.trace


def test_details_of_another_type_are_null_and_named(tenant):
    tenant.arm(NULL)
    with python(tenant, "details of another type") as client:
        answer = client.try_get_token()
    assert (answer.kind, answer.oauth_error, answer.http_status) == ("protocol", None, None)
    assert "oauth_error is a list, and is reported as null" in client.trace


@pytest.fixture
def callbacks(tenant):
    def start(*behaviour):
        return driven(tenant, "node", "tests/adapters/callbacks_adapter.mjs", *behaviour)

    return start


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
class TestNode:
    """A client that never calls back, and one that throws in a callback."""

    def test_a_callback_that_never_comes_is_a_hang(self, tenant, callbacks):
        with callbacks() as client:
            client.get_token()
            tenant.arm(TRUNCATED)
            assert ended(client).ending is Ending.HANG

    def test_an_exception_in_a_callback_ends_the_process(self, tenant, callbacks):
        with callbacks() as client:
            client.get_token()
            tenant.arm(NULL)
            found = ended(client)
        assert found.ending is Ending.CRASH
        assert "exit code 1" in found.seen
        assert "callbacks.mjs" in "".join(found.__notes__)

    def test_an_exception_of_the_adapter_in_a_callback_is_its_own(self, callbacks):
        with callbacks("breaks in a callback") as client, pytest.raises(AdapterError, match="broke by itself"):
            client.try_get_token()
