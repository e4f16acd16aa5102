import random
import threading

import pytest

from oauth_gauntlet_server.faults import (
    ArmedFault,
    ArmedFaults,
    FaultContext,
    FaultError,
    Trigger,
    delay,
    http_status,
    oauth_error,
)
from oauth_gauntlet_server.http.http_request import RecordedRequest

REQUEST = RecordedRequest(method="POST", target="/", http_version="1.1", headers=(), body=b"", raw=b"")


def context(endpoint="token", grant_type="password", client_id="c"):
    return FaultContext(endpoint=endpoint, grant_type=grant_type, client_id=client_id, request=REQUEST, issuer="http://i")


def due(count, **trigger):
    armed = ArmedFault(identifier=1, fault=delay(0), trigger=Trigger(**trigger))
    return [number for number in range(1, count + 1) if armed.due(context())]


@pytest.mark.parametrize(
    ("trigger", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 3}, [3]),
        ({"times": 2}, [1, 2]),
        ({"every": 2}, [2, 4, 6]),
        ({"every": 2, "times": 4}, [2, 4]),
        ({"probability": 0.0}, []),
        ({"probability": 1.0}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_which_requests_a_fault_is_due_for(trigger, numbers):
    assert due(6, **trigger) == numbers


def test_chance_is_drawn_for_each_request_and_repeats_with_the_same_seed():
    first, again, other = (due(200, probability=0.5, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other
    draws = random.Random(1)
    assert first == [number for number in range(1, 201) if draws.random() < 0.5]


@pytest.mark.parametrize(
    ("trigger", "concerned"),
    [
        ({}, True),
        ({"endpoint": None}, True),
        ({"endpoint": "resource"}, False),
        ({"grant": "password"}, True),
        ({"grant": "refresh_token"}, False),
        ({"client_id": "c"}, True),
        ({"client_id": "d"}, False),
        ({"client_id": "c", "grant": "refresh_token"}, False),
    ],
)
def test_the_filter_selects_by_endpoint_grant_and_client(trigger, concerned):
    armed = ArmedFault(identifier=1, fault=delay(0), trigger=Trigger(**trigger))
    assert armed.due(context()) is concerned
    assert armed.matched == int(concerned)


def test_only_requests_that_pass_the_filter_count():
    armed = ArmedFault(identifier=1, fault=delay(0), trigger=Trigger(grant="password", nth=2))
    grants = ["refresh_token", "password", "refresh_token", "password", "password"]
    assert [armed.due(context(grant_type=grant)) for grant in grants] == [False, False, False, True, False]
    assert armed.matched == 3
    assert armed.fired == 0


def test_concurrent_requests_are_each_counted_once():
    armed = ArmedFault(identifier=1, fault=delay(0), trigger=Trigger(times=100))
    won = []
    threads = [threading.Thread(target=lambda: won.extend(armed.due(context()) for _ in range(100))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert armed.matched == 800
    assert won.count(True) == 100


def test_arming_removing_and_clearing():
    armed = ArmedFaults()
    assert not armed
    first = armed.arm(delay(1), Trigger())
    second = armed.arm(oauth_error("invalid_grant"), Trigger(times=1))
    assert armed
    assert armed.list() == (first, second)
    assert first.id != second.id
    assert armed.match(context()) == (first, second)
    assert armed.match(context()) == (first,)
    assert armed.remove(first.id)
    assert not armed.remove(first.id)
    assert armed.list() == (second,)
    armed.clear()
    assert armed.list() == ()
    assert armed.arm(delay(1), Trigger()).id not in {first.id, second.id}


def fire(*armed):
    for each in armed:
        each.count_fired()


def test_disarmed_faults_that_never_fired_are_reported():
    armed = ArmedFaults()
    assert armed.unfired() == ()
    first, second = armed.arm(delay(1), Trigger(nth=1)), armed.arm(delay(1), Trigger(nth=2))
    fire(first)
    # An armed fault counts alone, even if another of its name fired.
    assert armed.unfired() == ("delay",)
    fire(second)
    armed.arm(oauth_error("invalid_grant"), Trigger())
    assert armed.unfired() == ("oauth_error",)
    armed.clear()
    assert armed.unfired() == ("oauth_error",)
    # Disarmed faults count together by name: if a test arms one for each example, it is enough that one fires.
    fire(armed.arm(oauth_error("invalid_scope"), Trigger()))
    armed.clear()
    assert armed.unfired() == ()
    removed = armed.arm(delay(2), Trigger())
    armed.remove(removed.id)
    assert armed.unfired() == ()
    armed.arm(http_status(503), Trigger())
    armed.forget()
    assert armed.unfired() == ()
    assert not armed


def test_the_number_of_remembered_disarmed_faults_is_limited():
    armed = ArmedFaults()
    for _ in range(1000):
        armed.arm(delay(1), Trigger())
        armed.clear()
    assert armed.unfired() == ("delay",)
    assert len(armed._disarmed) == 100


def test_the_json_of_an_armed_fault_contains_trigger_and_counters():
    armed = ArmedFaults().arm(delay(0.5), Trigger(times=1))
    armed.due(context())
    armed.count_fired()
    armed.due(context())
    assert armed.to_json() == {
        "id": 1,
        "fault": "delay",
        "seconds": 0.5,
        "where": "first",
        "octets": 1,
        "when": {"endpoint": "token", "times": 1},
        "matched": 2,
        "fired": 1,
    }


def test_a_trigger_out_of_range_is_rejected():
    with pytest.raises(FaultError, match=r"^trigger: nth: got 0: expected a whole number of at least 1 or null$"):
        Trigger(nth=0)


def test_faults_that_are_held_back_neither_act_nor_count():
    armed = ArmedFaults()
    first = armed.arm(delay(1), Trigger(times=1))
    with armed.held_back():
        meanwhile = armed.arm(delay(2), Trigger())
        assert armed.match(context()) == (meanwhile,)
    assert (first.matched, armed.list()) == (0, (first, meanwhile))
    assert armed.match(context()) == (first, meanwhile)


def test_faults_act_again_after_an_error():
    armed = ArmedFaults()
    first = armed.arm(delay(1), Trigger())
    with pytest.raises(ValueError), armed.held_back():
        raise ValueError
    assert armed.match(context()) == (first,)
