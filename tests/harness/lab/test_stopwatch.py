import time

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.lab.stopwatch import most_s, require_in_time, timed, waits
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_server import ConnectionRecord, MockServer, faults

ERROR = ErrorInfo(kind=ErrorKind.TIMEOUT, message="no response")


def record(arrived_s, ended_s=None):
    return ConnectionRecord(sequence=1, accepted_at=0.0, arrived_s=arrived_s, ended_s=ended_s)


def test_a_wait_ends_with_the_connection_or_with_the_answer():
    records = [record(10.0, 11.0), record(12.0), record(13.0, 20.0)]
    assert waits(records, began_s=10.0, answered_s=15.0) == (1.0, 3.0, 2.0)


def test_what_arrived_before_or_after_the_operation_is_no_wait():
    assert waits([record(9.0, 30.0), record(16.0)], began_s=10.0, answered_s=15.0) == ()


def test_pauses_between_attempts_do_not_count():
    attempts = waits([record(1.0, 2.0), record(8.0, 9.0), record(20.0, 21.0)], began_s=0.0, answered_s=30.0)
    require_in_time(ERROR, attempts, limit_s=1.0)


def test_a_wait_far_beyond_the_limit_is_a_finding():
    require_in_time(ERROR, (most_s(1.0) - 0.1,), limit_s=1.0)
    with pytest.raises(Breach, match=r"^expected an end after about 1 s, .*; the client waited for 6\.0 s from what arrived"):
        require_in_time(ERROR, (0.5, 6.0), limit_s=1.0)


def test_without_an_arrival_nothing_is_measured():
    with pytest.raises(Untestable, match=r"^nothing arrived at the server.*the client reported an error of kind timeout"):
        require_in_time(ERROR, (), limit_s=1.0)


class SlowToSend(ReferenceClient):
    """A client that spends a second before its request leaves."""

    def ask(self, grant):
        time.sleep(1.0)
        return super().ask(grant)


def test_the_time_before_the_request_and_that_of_earlier_requests_do_not_count():
    with MockServer() as server:
        adapter = InProcessAdapter(SlowToSend)
        client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.CLIENT_CREDENTIALS)
        port = server.open_port()
        client.configure(token_url=port.url_of(client.tenant), timeout=0.5)
        client.get_token()
        client.advance(4000)
        client.tenant.arm(faults.fault("silence", seconds=9.0))
        began = time.monotonic()
        answer, (waited_s,) = timed(client.try_get_token, port)
        assert isinstance(answer, ErrorInfo)
        assert waited_s <= time.monotonic() - began - 1.0
        adapter.close()
