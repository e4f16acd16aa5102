import time

import pytest

from oauth_gauntlet.judging.machine.clock_watch import BEAT_S, JUMP_S, STILL_S, ClockWatch


class Clocks:
    """Three clocks that go on together by each look, and can be moved apart."""

    def __init__(self):
        self.monotonic_s, self.wall_s, self.cpu_s = 1000.0, 1_700_000_000.0, 5.0
        self.watch = ClockWatch(lambda: self.wall_s, lambda: self.monotonic_s, lambda: self.cpu_s)

    def on(self, seconds=BEAT_S, wall=None, cpu=0.0):
        self.monotonic_s += seconds
        self.wall_s += seconds if wall is None else wall
        self.cpu_s += cpu
        self.watch.look()


@pytest.fixture
def clocks():
    return Clocks()


def told(clocks, began=0.0):
    return [str(each) for each in clocks.watch.since(began)]


def test_a_quiet_machine_is_quiet(clocks):
    for _ in range(100):
        clocks.on(BEAT_S * 1.5, wall=BEAT_S * 1.5 + 0.01)
    assert told(clocks) == []


@pytest.mark.parametrize("jump", [3600, -3600, 10 * JUMP_S])
def test_a_clock_that_jumps(clocks, jump):
    clocks.on()
    clocks.on(wall=BEAT_S + jump)
    clocks.on()
    assert told(clocks) == [f"the machine's clock jumped by {jump:+.1f} s"]


def test_a_jump_and_back_are_two(clocks):
    clocks.on(wall=100)
    clocks.on(wall=-100)
    assert len(told(clocks)) == 2


def test_a_pause_is_one_where_this_process_did_nothing_meanwhile(clocks):
    clocks.on(STILL_S + 1)
    assert told(clocks) == [f"the machine stood still for {STILL_S + 1 - BEAT_S:.1f} s"]


def test_a_process_that_was_busy_has_not_stood_still(clocks):
    clocks.on(STILL_S + 1, cpu=STILL_S)
    assert told(clocks) == []


def test_what_happened_before_counts_no_more(clocks):
    clocks.on(wall=100)
    began = clocks.monotonic_s
    clocks.on()
    assert told(clocks, began) == []
    clocks.monotonic_s += 1
    clocks.wall_s += 500  # nobody looked since
    assert len(told(clocks, began)) == 1


def test_a_reading_that_was_interrupted_is_made_again():
    # The second time it is stopped for five seconds after it has read the clock: not of one moment.
    monotonic, wall, cpu = iter([0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0]), iter([0.0, 0.0, 5.0, 5.0]), iter([0.0, 5.0, 5.0])
    watch = ClockWatch(lambda: next(wall), lambda: next(monotonic), lambda: next(cpu))
    watch.look()
    assert watch.since(0.0) == ()


def test_it_looks_by_itself():
    wall = [0.0]
    watch = ClockWatch(lambda: wall[0] + time.monotonic())
    watch.start()
    try:
        wall[0] = 100.0
        deadline = time.monotonic() + 20
        while not watch._found and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [each.jumped_s > 99 for each in watch._found] == [True]
    finally:
        watch.stop()
