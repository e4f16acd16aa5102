"""The clock of this process moved by time-machine, and of others by libfaketime."""

import datetime
import subprocess
import sys
import time

import pytest

from oauth_gauntlet.adapters.process_clock import FaketimeClock, TravellingClock, faketime_library, real_time

needs_libfaketime = pytest.mark.skipif(
    faketime_library() is None, reason="libfaketime is not installed (apt-get install libfaketime)"
)


def test_the_clock_of_this_process_moves_and_is_reset():
    clock, ticks = TravellingClock(), time.monotonic()
    clock.advance(5000)
    clock.advance(-1000)
    try:
        assert time.time() - real_time() == pytest.approx(4000, abs=60)
        assert datetime.datetime.now(datetime.UTC).timestamp() - real_time() == pytest.approx(4000, abs=60)
        assert time.monotonic() - ticks < 2000
    finally:
        clock.close()
    assert abs(time.time() - real_time()) < 60


@needs_libfaketime
def test_the_clock_of_another_process_follows_the_file():
    clock = FaketimeClock(faketime_library())
    code = "import sys, time\nfor line in sys.stdin: print(time.time(), flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", code], env=dict(clock.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def seen():
            process.stdin.write("\n")
            process.stdin.flush()
            return float(process.stdout.readline()) - time.time()

        assert abs(seen()) < 60
        clock.advance(86_400)
        clock.advance(-3600)
        assert seen() == pytest.approx(82_800, abs=60)
        clock.reset()
        assert abs(seen()) < 60
        process.stdin.close()
    clock.close()
    assert not clock._folder.exists()
