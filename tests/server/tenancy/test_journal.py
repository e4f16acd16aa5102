import base64
import json
import threading
import time
from types import SimpleNamespace

import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.tenancy.journal import Exchange, Journal
from oauth_gauntlet_server.tenancy.memory import MIB, Memory
from oauth_gauntlet_server.tenancy.octets import exchange_octets


def request(body=b"", target="/t/token"):
    return RecordedRequest(
        method="POST",
        target=target,
        http_version="1.1",
        headers=(("Host", "x"), ("X", "1"), ("x", "2")),
        body=body,
        raw=b"",
    )


def response(body=b"{}"):
    return RecordedResponse(status=200, reason="OK", headers=(("Content-Type", "application/json"),), body=body)


def test_exchanges_are_numbered_and_selected_by_endpoint():
    journal = Journal()
    for endpoint in ("token", "resource", "token"):
        journal.record(endpoint=endpoint, request=request(), response=response())
    assert [each.sequence for each in journal.exchanges()] == [1, 2, 3]
    assert [each.sequence for each in journal.exchanges("token")] == [1, 3]
    assert journal.count() == 3
    assert journal.count("resource") == 1
    assert journal.requests("token") == tuple(each.request for each in journal.exchanges("token"))


def test_exchanges_are_selected_by_fault_and_sequence_number():
    journal = Journal()
    for faults in ((), ("delay", "oauth_error"), ("oauth_error",), ()):
        journal.record(endpoint="token", request=request(), response=None, faults=faults)

    def sequences(**filters):
        return [each.sequence for each in journal.exchanges(**filters)]

    assert sequences(fault="oauth_error") == [2, 3]
    assert sequences(fault="delay") == [2]
    assert sequences(since=2) == [3, 4]
    assert sequences(since=1, limit=2) == [2, 3]
    assert sequences(fault="oauth_error", since=2) == [3]
    assert journal.count(fault="oauth_error") == 2
    assert len(journal.wait_for(1, since=3, timeout_s=0)) == 1
    with pytest.raises(TimeoutError, match="1 of 2 exchanges came within 0 s"):
        journal.wait_for(2, since=3, timeout_s=0)


def test_it_is_bounded_and_counts_dropped_exchanges():
    journal = Journal(capacity=2)
    for _ in range(5):
        journal.record(endpoint="token", request=request(), response=None)
    assert [each.sequence for each in journal.exchanges()] == [4, 5]
    assert journal.dropped == 3
    journal.clear()
    assert (journal.count(), journal.dropped) == (0, 0)
    assert journal.record(endpoint="token", request=request(), response=None).sequence == 6


def test_it_counts_exchanges_and_calls_of_clear():
    journal = Journal()
    assert (journal.last, journal.cleared) == (0, 0)
    for _ in range(2):
        journal.record(endpoint="token", request=request(), response=None)
        journal.clear()
    assert (journal.last, journal.cleared) == (2, 2)


def test_it_keeps_the_last_thousand_exchanges_and_counts_all():
    journal = Journal()
    for _ in range(1001):
        journal.record(endpoint="token", request=request(), response=None)
    assert (len(journal.exchanges()), journal.count(), journal.dropped) == (1000, 1001, 1)


def test_the_count_contains_what_was_dropped_by_endpoint_and_fault():
    journal = Journal(capacity=1)
    for endpoint, faults in (("token", ()), ("token", ("delay", "body")), ("resource", ("delay",)), ("token", ())):
        journal.record(endpoint=endpoint, request=request(), response=None, faults=faults)
    assert [journal.count(**each) for each in ({}, {"endpoint": "token"}, {"fault": "delay"}, {"fault": "body"})] == [
        4,
        3,
        2,
        1,
    ]
    assert journal.count("token", fault="delay") == 1
    # By number only what is kept: the numbers of the others are not.
    assert journal.count(since=1) == 1
    assert len(journal.wait_for(3, endpoint="token", timeout_s=0)) == 1
    with pytest.raises(TimeoutError, match="4 of 5 exchanges"):
        journal.wait_for(5, timeout_s=0)
    journal.clear()
    assert journal.count() == 0


def test_the_capacity_can_be_changed():
    journal = Journal(3)
    for _ in range(3):
        journal.record(endpoint="token", request=request(), response=None)
    journal.set_capacity(2)
    assert (len(journal.exchanges()), journal.dropped) == (2, 1)
    with pytest.raises(ValueError, match="journal_capacity must be at least 1, got 0"):
        journal.set_capacity(0)


def test_its_octets_count_in_its_account_until_they_are_dropped():
    account = Memory().account()
    journal = Journal(2, account=account)
    sizes = [exchange_octets(request(body), response(body)) for body in (b"a", b"b" * 1000, b"c" * 2000)]
    counted = []
    for body in (b"a", b"b" * 1000, b"c" * 2000):
        journal.record(endpoint="token", request=request(body), response=response(body))
        counted.append(account.used["journals"])
    assert counted == [sizes[0], sizes[0] + sizes[1], sizes[1] + sizes[2]]
    journal.free(1)
    assert (account.used["journals"], len(journal.exchanges()), journal.dropped) == (sizes[2], 1, 2)
    journal.clear()
    assert account.used["journals"] == 0


def test_time_and_duration_are_recorded():
    bare = Journal().record(endpoint="token", request=request(), response=None)
    assert (bare.faults, bare.received_at, bare.duration_s) == ((), 0.0, 0.0)
    assert bare == Exchange(sequence=1, endpoint="token", request=request(), response=None)
    timed = Journal().record(endpoint="token", request=request(), response=None, received_at=2.5, duration_s=0.25)
    assert (timed.received_at, timed.duration_s) == (2.5, 0.25)


def test_fired_faults_are_recorded():
    fault = SimpleNamespace(to_json=dict)
    assert Journal().record(endpoint="token", request=request(), response=None).fired == ()
    assert Journal().record(endpoint="token", request=request(), response=None, fired=(fault,)).fired == (fault,)


def test_wait_for_waits_for_a_fault():
    journal = Journal()
    for faults in ((), ("delay",)):
        journal.record(endpoint="token", request=request(), response=None, faults=faults)
    assert [each.sequence for each in journal.wait_for(1, fault="delay", timeout_s=0)] == [2]


def test_wait_for_returns_immediately_if_enough_is_recorded():
    journal = Journal()
    journal.record(endpoint="token", request=request(), response=None)
    assert len(journal.wait_for(1, timeout_s=0)) == 1
    assert journal.wait_for(0, endpoint="resource", timeout_s=0) == ()


def test_wait_for_wakes_with_the_last_exchange():
    journal = Journal()
    found = []
    waiter = threading.Thread(target=lambda: found.append(journal.wait_for(2, endpoint="token", timeout_s=60)))
    waiter.start()
    journal.record(endpoint="token", request=request(), response=None)
    journal.record(endpoint="resource", request=request(), response=None)
    assert not found
    # The thread now waits for the second exchange, unless this machine is very slow.
    waiter.join(0.05)
    journal.record(endpoint="token", request=request(), response=None)
    waiter.join(60)
    assert not waiter.is_alive()
    assert [each.sequence for each in found[0]] == [1, 3]


def test_wait_for_waits_until_its_time_limit():
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        Journal().wait_for(1, timeout_s=0.3)
    assert time.monotonic() - started >= 0.3


def test_the_timeout_names_the_number_of_exchanges():
    journal = Journal()
    journal.record(endpoint="token", request=request(), response=None)
    with pytest.raises(TimeoutError, match=r"1 of 3 exchanges at token came within 0\.01 s"):
        journal.wait_for(3, endpoint="token", timeout_s=0.01)


def test_json_representation():
    journal = Journal()
    exchange = journal.record(
        endpoint="token", request=request(b"a=%C3%A9"), response=response(b'{"a": 1}'), faults=("delay", "body")
    )
    document = exchange.to_json()
    assert document == {
        "request": {
            "method": "POST",
            "target": "/t/token",
            "http_version": "1.1",
            "headers": [["Host", "x"], ["X", "1"], ["x", "2"]],
            "body": "a=%C3%A9",
        },
        "response": {
            "status": 200,
            "reason": "OK",
            "headers": [["Content-Type", "application/json"]],
            "body": '{"a": 1}',
        },
        "fault": "delay+body",
    }
    assert json.loads(json.dumps(document)) == document


def test_json_representation_without_response_and_fault():
    document = Journal().record(endpoint="token", request=request(), response=None).to_json()
    assert document["response"] is None
    assert document["fault"] is None


def test_a_body_that_is_not_utf8_is_escaped_and_in_base64_too():
    document = Journal().record(endpoint="token", request=request(b"a=\xff\xe9"), response=None).to_json()["request"]
    assert document["body"] == "a=\\xff\\xe9"
    assert base64.b64decode(document["body_base64"]) == b"a=\xff\xe9"


def test_a_long_body_is_cut():
    whole, cut = (
        Journal().record(endpoint="token", request=request(b"x" * size), response=None).to_json()["request"]
        for size in (8192, 8193)
    )
    assert whole["body"] == cut["body"] == "x" * 8192
    assert "body_truncated" not in whole
    assert (cut["body_truncated"], cut["body_length"]) == (True, 8193)
    assert "body_base64" not in cut


def test_a_long_body_that_is_not_utf8_is_cut_too():
    document = Journal().record(endpoint="token", request=request(b"\xff" * 8193), response=None).to_json()["request"]
    assert base64.b64decode(document["body_base64"]) == b"\xff" * 8192
    assert (document["body_truncated"], document["body_length"]) == (True, 8193)


def test_text_cut_inside_a_character_is_still_text():
    body = b"x" * (8191) + "€".encode()
    document = Journal().record(endpoint="token", request=request(body), response=None).to_json()["request"]
    assert document["body"] == "x" * (8191)
    assert "body_base64" not in document


def test_a_body_that_ends_inside_a_character_is_binary():
    document = Journal().record(endpoint="token", request=request("€".encode()[:2]), response=None).to_json()["request"]
    assert document["body"] == "\\xe2\\x82"
    assert "body_base64" in document


def test_an_exchange_is_recorded_also_if_it_is_larger_than_the_memory():
    journal = Journal(account=Memory(MIB).account())

    def kept_after(body):
        journal.record(endpoint="token", request=request(), response=response(body))
        return b"".join(exchange.response.body[:1] for exchange in journal.exchanges())

    assert [kept_after(body) for body in (b"a" * 300_000, b"b" * 300_000, b"c" * 400_000)] == [b"a", b"ab", b"abc"]
    assert [kept_after(body) for body in (b"d" * 300_000, b"e" * 2_000_000, b"f")] == [b"cd", b"e", b"f"]
    assert journal.dropped == 5


def test_it_counts_the_responses_that_are_being_sent():
    journal = Journal()
    with journal.sending():
        with journal.sending():
            assert journal.unfinished == 2
        assert journal.unfinished == 1
    assert journal.unfinished == 0


def test_a_response_that_fails_is_not_being_sent_any_more():
    journal = Journal()
    with pytest.raises(OSError, match="gone"), journal.sending():
        raise OSError("gone")
    assert journal.unfinished == 0
