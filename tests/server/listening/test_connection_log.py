from oauth_gauntlet_server import ConnectionOutcome
from oauth_gauntlet_server.listening.connection_log import MOST_RECEIVED, ConnectionLog, ConnectionRecord


def test_the_log_is_bounded():
    log = ConnectionLog(capacity=2, now=lambda: 7.0)
    connections = [log.enter() for _ in range(3)]
    for logged in connections:
        logged.record_octets(b"x" * (MOST_RECEIVED - 1))
        logged.record_octets(b"yy")
        logged.record_end()
    assert [record.sequence for record in log.records()] == [2, 3]
    assert log.count == 3
    assert [len(record.received) for record in log.records()] == [MOST_RECEIVED] * 2
    assert log.records()[0].accepted_at == 7.0


def test_the_outcome_of_a_malformed_request_depends_on_the_requests_before_it():
    log = ConnectionLog()
    for requests in (0, 1):
        logged = log.enter()
        for _ in range(requests):
            logged.record_request()
        logged.record_malformed(b"what", "Bad Request")
        logged.record_end()
    first, second = log.records()
    assert (first.outcome, first.received, first.detail) == (ConnectionOutcome.MALFORMED, b"what", "Bad Request")
    assert (second.outcome, second.requests) == (ConnectionOutcome.SERVED, 1)


def test_a_connection_that_ends_while_it_is_open_is_unused():
    log = ConnectionLog()
    log.enter().record_end()
    assert [record.outcome for record in log.records()] == [ConnectionOutcome.UNUSED]


def test_a_wait_counts_from_the_connection_or_its_last_request_on_the_monotonic_clock():
    moments = iter([10.0, 11.5, 14.0])
    log = ConnectionLog(now=lambda: 7.0, monotonic=lambda: next(moments))
    logged = log.enter()
    assert log.records()[0].arrived_s == 10.0
    logged.record_request()
    assert (log.records()[0].arrived_s, log.records()[0].ended_s) == (11.5, None)
    logged.record_end()
    (record,) = log.records()
    assert (record.arrived_s, record.ended_s, record.lasted_s) == (11.5, 14.0, 4.0)
    assert {"arrived_s", "ended_s"}.isdisjoint(record.to_json())


def test_the_json_of_a_record():
    document = ConnectionRecord(sequence=1, accepted_at=0, received=b"\xff").to_json()
    assert (document["outcome"], document["received"], document["lasted_s"]) == ("open", {"base64": "/w=="}, None)
