import time

import pytest

from oauth_gauntlet.judging.machine.clock_watch import BEAT_S, JUMP_S, STILL_S, ClockWatch


class Clocks:
    """Three clocks that advance together, and can be moved apart."""

    def __init__(self):
        self.monotonic_s, self.wall_s, self.cpu_s = 1000.0, 1_700_000_000.0, 5.0
        self.watch = ClockWatch(lambda: self.wall_s, lambda: self.monotonic_s, lambda: self.cpu_s)

    def advance(self, seconds=BEAT_S, wall=None, cpu=0.0):
        self.monotonic_s += seconds
        self.wall_s += seconds if wall is None else wall
        self.cpu_s += cpu
        self.watch.look()


@pytest.fixture
def clocks():
    return Clocks()


def found(clocks, started=0.0):
    return [str(each) for each in clocks.watch.since(started)]


def test_small_differences_are_no_disturbance(clocks):
    for _ in range(100):
        clocks.advance(BEAT_S * 1.5, wall=BEAT_S * 1.5 + 0.01)
    assert found(clocks) == []


@pytest.mark.parametrize("jump", [3600, -3600, 10 * JUMP_S])
def test_a_jump_of_the_wall_clock_is_found(clocks, jump):
    clocks.advance()
    clocks.advance(wall=BEAT_S + jump)
    clocks.advance()
    assert found(clocks) == [f"the machine's clock jumped by {jump:+.1f} s"]


def test_a_jump_and_the_jump_back_are_two_disturbances(clocks):
    clocks.advance(wall=100)
    clocks.advance(wall=-100)
    assert len(found(clocks)) == 2


def test_a_pause_without_cpu_time_is_found(clocks):
    clocks.advance(STILL_S + 1)
    assert found(clocks) == [f"the machine stood still for {STILL_S + 1 - BEAT_S:.1f} s"]


def test_a_busy_process_did_not_stand_still(clocks):
    clocks.advance(STILL_S + 1, cpu=STILL_S)
    assert found(clocks) == []


def test_disturbances_before_the_given_moment_are_left_out(clocks):
    clocks.advance(wall=100)
    started = clocks.monotonic_s
    clocks.advance()
    assert found(clocks, started) == []
    clocks.monotonic_s += 1
    clocks.wall_s += 500  # the clocks have not been read since
    assert len(found(clocks, started)) == 1


def test_an_interrupted_reading_is_repeated():
    # In the second reading the process pauses for five seconds between two clocks: they are not of one moment.
    monotonic, wall, cpu = iter([0.0, 0.0, 0.0, 5.0, 5.0, 5.0, 5.0, 5.0]), iter([0.0, 0.0, 5.0, 5.0]), iter([0.0, 5.0, 5.0])
    watch = ClockWatch(lambda: next(wall), lambda: next(monotonic), lambda: next(cpu))
    watch.look()
    assert watch.since(0.0) == ()


def test_the_thread_reads_the_clocks():
    wall = [0.0]
    watch = ClockWatch(lambda: wall[0] + time.monotonic())
    watch.start()
    try:
        wall[0] = 100.0
        deadline = time.monotonic() + 120
        while not watch._found and time.monotonic() < deadline:
            time.sleep(0.02)
        assert [each.jumped_s > 99 for each in watch._found] == [True]
    finally:
        watch.stop()
