import threading

import pytest

from oauth_gauntlet_server.http.clock import LATEST_S, Clock


def test_it_follows_its_source():
    instants = iter([10.0, 11.5])
    clock = Clock(lambda: next(instants))
    assert clock.now() == 10.0
    assert clock.now() == 11.5


def test_advance_is_cumulative_and_may_go_back():
    clock = Clock(lambda: 100.0)
    clock.advance(50)
    clock.advance(-20)
    assert clock.now() == 130.0


def test_time_runs_on_after_set():
    source = [100.0]
    clock = Clock(lambda: source[0])
    clock.set(5_000.0)
    assert clock.now() == 5_000.0
    source[0] += 7
    assert clock.now() == 5_007.0


def test_reset_returns_to_the_source():
    clock = Clock(lambda: 100.0)
    clock.advance(1)
    clock.set(3)
    clock.reset()
    assert clock.now() == 100.0


def test_no_advance_is_lost_between_threads():
    clock = Clock(lambda: 0.0)
    threads = [threading.Thread(target=lambda: [clock.advance(1) for _ in range(1000)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.now() == 8000


def test_a_frozen_clock_does_not_run_but_can_be_moved():
    source = [100.0]
    clock = Clock(lambda: source[0])
    clock.advance(5)
    clock.freeze()
    source[0] += 7
    assert (clock.now(), clock.frozen) == (105.0, True)
    clock.advance(10)
    assert clock.now() == 115.0
    clock.set(50.0)
    source[0] += 7
    assert clock.now() == 50.0


def test_an_unfrozen_clock_runs_on_from_the_frozen_instant():
    source = [100.0]
    clock = Clock(lambda: source[0])
    clock.unfreeze()
    assert clock.now() == 100.0
    clock.freeze()
    source[0] += 7
    clock.unfreeze()
    assert (clock.now(), clock.frozen) == (100.0, False)
    source[0] += 1
    assert clock.now() == 101.0


def test_reset_unfreezes():
    clock = Clock(lambda: 100.0)
    clock.advance(1)
    clock.freeze()
    clock.reset()
    assert (clock.now(), clock.frozen) == (100.0, False)


@pytest.mark.parametrize("frozen", [False, True])
def test_it_stays_between_1970_and_9999(frozen):
    clock = Clock(lambda: 100.0)
    if frozen:
        clock.freeze()
    for move, value in ((clock.advance, -101), (clock.set, -1), (clock.set, LATEST_S + 1), (clock.set, float("nan"))):
        with pytest.raises(ValueError, match="the time of a clock must be between 0"):
            move(value)
    assert clock.now() == 100.0
