"""Follow a tenant: the events themselves, and over real connections."""

import http.client
import itertools
import json
import threading
import time

import pytest

from oauth_gauntlet_server import Limits, MockServer, faults
from oauth_gauntlet_server.control.event_stream import NOTHING
from oauth_gauntlet_server.control.journal_stream import journal_events
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenants import MOST_STREAMS

STREAM = "/_control/tenants/t/journal/stream"


def parsed(octets):
    """Return the events of a stream: name, data, id."""
    found = []
    for block in octets.decode("ascii").split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            found.append((fields["event"], json.loads(fields["data"]), fields.get("id")))
    return found


class Follower:
    """A connection that follows a tenant; `until` reads until an event with that name, and returns its data and id."""

    def __init__(self, port, target=STREAM, **headers):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        self.response = self.connection.getresponse()

    def next(self):
        block = b""
        while not block.endswith(b"\n\n"):
            line = self.response.readline()
            assert line, "the stream ended"
            block += line
        return parsed(block)

    def until(self, name):
        while True:
            for each, data, identifier in self.next():
                if each == name:
                    return data, identifier

    def until_fired(self, *counters):
        """Read until the armed faults have fired so often; an event may show an earlier state."""
        while [each["fired"] for each in self.until("faults")[0]["faults"]] != list(counters):
            pass

    def close(self):
        # The response keeps the socket open too.
        self.response.close()
        self.connection.close()


@pytest.fixture
def follow():
    followers = []

    def start(server, *arguments, **headers):
        followers.append(Follower(int(server.base_url.rpartition(":")[2]), *arguments, **headers))
        return followers[-1]

    yield start
    for each in followers:
        each.close()


@pytest.fixture
def lenient(tenant):
    tenant.configure(strict=False)
    return tenant


def record(tenant, count, *, endpoint="token", body=b""):
    request = RecordedRequest(method="GET", target="/t/token", http_version="1.1", headers=(), body=body, raw=b"")
    for _ in range(count):
        tenant.journal.record(endpoint=endpoint, request=request, response=None)


def first_events(tenant, count, **options):
    """Return the first events of a stream, however long they take."""
    pieces = journal_events(tenant, is_there=lambda: True, **options)
    return list(itertools.islice((each for piece in pieces for each in parsed(piece)), count))


# The events


@pytest.fixture
def alone():
    return Tenant(name="t", base_url="http://h")


def test_exchanges_are_sent_in_order_with_their_sequence_numbers(alone):
    record(alone, 3)
    faults_first, *events = first_events(alone, 4)
    assert faults_first[0] == "faults"
    assert [(name, data["sequence"], identifier) for name, data, identifier in events] == [
        *(("exchange", 1, "1"), ("exchange", 2, "2"), ("exchange", 3, "3")),
    ]
    assert events[0][1]["response"] is None
    assert first_events(alone, 2, since=2)[1][1]["sequence"] == 3


def test_a_filter_selects_the_exchanges_that_are_sent(alone):
    record(alone, 3)
    record(alone, 1, endpoint="jwks")
    (_, (name, data, _)) = first_events(alone, 2, filters={"endpoint": "jwks"})
    assert (name, data["sequence"]) == ("exchange", 4)


def test_a_number_from_before_a_restart_starts_from_the_beginning(alone):
    record(alone, 1)
    assert [name for name, _, _ in first_events(alone, 3, since=99)] == ["cleared", "faults", "exchange"]


def test_armed_faults_are_sent_first_and_when_a_counter_changes(alone):
    armed = alone.arm(faults.http_status(503), times=2)
    events = journal_events(alone, is_there=lambda: True)
    (first,) = parsed(next(events) + next(events))
    assert (first[0], [each["fired"] for each in first[1]["faults"]]) == ("faults", [0])
    armed.count_fired()
    pieces = iter(events)
    changed = next(found for piece in pieces for found in parsed(piece))
    assert (changed[0], changed[1]["faults"][0]["fired"]) == ("faults", 1)
    alone.clear_faults()
    assert next(found for piece in pieces for found in parsed(piece))[1] == {"faults": []}


def test_clearing_and_the_end_of_the_tenant_are_sent(alone):
    there = [True]
    events = journal_events(alone, is_there=lambda: there[0])
    next(events)
    alone.journal.clear()
    assert next(found for piece in events for found in parsed(piece) if found[0] != "faults")[0] == "cleared"
    there[0] = False
    assert parsed(b"".join(events))[-1][0] == "gone"


def test_a_quiet_stream_sends_heartbeats_and_ends_after_its_time(alone):
    began = time.monotonic()
    pieces = list(journal_events(alone, is_there=lambda: True, lasts_s=0.3, heartbeat_s=0))
    assert time.monotonic() - began >= 0.3
    assert pieces[-1] == b":\n\n"
    quiet = journal_events(alone, is_there=lambda: True, heartbeat_s=3600)
    assert list(itertools.islice(quiet, 3))[2] == NOTHING


def test_a_follower_that_does_not_read_blocks_nobody(alone):
    """While a send to the follower blocks, its generator is suspended."""
    events = journal_events(alone, is_there=lambda: True)
    next(events)

    def use():
        record(alone, 3)
        alone.arm(faults.http_status(503)).count_fired()
        alone.clear_faults()
        alone.journal.wait_for(3)
        alone.journal.clear()

    user = threading.Thread(target=use, daemon=True)
    user.start()
    user.join(60)
    assert not user.is_alive()
    assert "cleared" in [name for piece in itertools.islice(events, 3) for name, _, _ in parsed(piece)]


def test_many_exchanges_are_sent_in_pieces(alone):
    record(alone, 120)
    events = journal_events(alone, is_there=lambda: True)
    pieces = (parsed(piece) for piece in events if b"event: exchange" in piece)
    assert [len(piece) for piece in itertools.islice(pieces, 3)] == [50, 50, 20]


# Over the wire


def test_an_exchange_is_sent_as_it_happens(control, control_server, lenient, follow):
    follower = follow(control_server)
    headers = follower.response.headers
    assert (headers["content-type"], headers["cache-control"], headers["connection"]) == (
        *("text/event-stream", "no-store", "close"),
    )
    assert headers["content-length"] is None
    for number in (1, 2):
        assert control.token().status == 200
        data, identifier = follower.until("exchange")
        assert (data["sequence"], identifier, data["grant_type"], data["client_id"]) == (
            *(number, str(number), "client_credentials", "a"),
        )


def test_a_fault_that_fires_is_sent_with_its_counter(control, control_server, lenient, follow):
    follower = follow(control_server)
    control("POST", "/tenants/t/faults", {"fault": "oauth_error", "when": {"times": 2}})
    follower.until_fired(0)
    control.token()
    data, _ = follower.until("exchange")
    assert (data["faults"], data["error"]) == (["oauth_error"], "invalid_grant")
    follower.until_fired(1)


def test_a_stream_resumes_after_the_last_event_id(control, control_server, lenient, follow):
    for _ in range(4):
        control.token()
    assert follow(control_server, f"{STREAM}?since=1").until("exchange")[1] == "2"
    assert follow(control_server, f"{STREAM}?since=1", Last_Event_ID="3").until("exchange")[1] == "4"


@pytest.mark.parametrize(
    ("query", "headers", "detail"),
    [
        ("?since=-1", {}, "between 0 and"),
        ("?timeout_s=301", {}, "between 0 and 300"),
        ("", {"Last_Event_ID": "x"}, "header/Last-Event-ID: got 'x'"),
        ("?endpont=token", {}, "did you mean endpoint"),
    ],
)
def test_wrong_parameters_are_named(control_server, lenient, follow, query, headers, detail):
    response = follow(control_server, STREAM + query, **headers).response
    assert response.status == 400
    assert detail in json.loads(response.read())["detail"]


def test_a_stream_ends_when_the_tenant_is_deleted_or_replaced(control, control_server, lenient, follow):
    follower = follow(control_server)
    control_server.tenant("t", replace=True)
    follower.until("gone")
    assert follower.response.read() == b""
    again = follow(control_server)
    assert control("DELETE", "/tenants/t").status == 204
    again.until("gone")


def test_stopping_the_server_ends_its_streams(client_of, follow):
    """The stream itself would last for 300 seconds; `stop` would wait for 60 seconds, and then leave it alone."""
    server = MockServer(limits=Limits(stop_s=60))
    server.start()
    server.tenant("t")
    follower = follow(server)
    follower.next()
    server.stop()
    assert server.tenants.server.streams._value == MOST_STREAMS
    assert b"gone" not in follower.response.read()


def test_head_opens_no_stream(control, control_server, lenient):
    before = control_server.tenants.server.streams._value
    answer = control.raw("HEAD", STREAM)
    assert (answer.status, answer.headers["content-type"], answer.body) == (200, "text/event-stream", b"")
    assert control_server.tenants.server.streams._value == before


def test_streams_are_limited_and_a_closed_one_frees_its_place(client_of, follow):
    with MockServer() as server:
        server.tenant("t", strict=False)
        open_ones = [follow(server) for _ in range(MOST_STREAMS)]
        refused = follow(server).response
        assert (refused.status, refused.headers["retry-after"]) == (503, "5")
        assert "the limit of open journal streams is reached" in json.loads(refused.read())["detail"]
        assert client_of(server).token().status == 200
        open_ones[0].close()
        deadline = time.monotonic() + 60
        while follow(server).response.status != 200:
            assert time.monotonic() < deadline, "the place of a client that has disconnected is still occupied"
            time.sleep(0.1)


def test_streams_leave_connections_to_clients(client_of, follow):
    with MockServer(limits=Limits(connections=4)) as server:
        server.tenant("t", strict=False)
        assert [follow(server).response.status for _ in range(2)] == [200, 200]
        refused = follow(server)
        assert refused.response.status == 503
        refused.close()
        assert client_of(server).token().status == 200


def test_a_client_that_does_not_read_its_stream_delays_no_request(client_of, follow):
    """Its thread blocks for `idle_s` when the window is full. A request that waits for it would exceed its own timeout."""
    with MockServer(limits=Limits(idle_s=600)) as server:
        tenant = server.tenant("t", strict=False)
        follow(server)
        # About 20 MB, which is more than the buffers of the connection.
        record(tenant, 500, body=b"x" * 40_000)
        control = client_of(server)
        assert [control.token(scope="x" * 5000).status for _ in range(50)] == [200] * 50


def test_streams_are_protected_like_every_operation(control, lenient):
    assert control.raw("GET", STREAM, headers={"Host": "evil.example"}).status == 403
    assert control.raw("GET", STREAM, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert control.raw("GET", STREAM, headers={"Sec-Fetch-Site": "same-site"}).status == 403


def test_a_follower_misses_nothing_that_many_threads_record(control_server, lenient, follow):
    follower = follow(control_server)
    threads = [threading.Thread(target=record, args=(lenient, 50)) for _ in range(8)]
    for thread in threads:
        thread.start()
    seen = [follower.until("exchange")[0]["sequence"] for _ in range(400)]
    for thread in threads:
        thread.join()
    assert seen == list(range(1, 401))
