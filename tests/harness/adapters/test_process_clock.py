"""Clocks of processes: this one's by time-machine, others' by libfaketime."""

import datetime
import subprocess
import sys
import time

import pytest

from oauth_gauntlet.adapters.process_clock import OffsetFile, TravellingClock, faketime_library, real_time

needs_libfaketime = pytest.mark.skipif(
    faketime_library() is None, reason="libfaketime is not installed (apt-get install libfaketime)"
)


def test_this_process_travels_and_comes_back():
    clock, ticks = TravellingClock(), time.monotonic()
    clock.advance(5000)
    clock.advance(-1000)
    try:
        assert 3990 < time.time() - real_time() < 4010
        assert 3990 < datetime.datetime.now(datetime.UTC).timestamp() - real_time() < 4010
        assert time.monotonic() - ticks < 60
    finally:
        clock.close()
    assert abs(time.time() - real_time()) < 5


@needs_libfaketime
def test_another_process_follows_the_file():
    clock = OffsetFile(faketime_library())
    code = "import sys, time\nfor line in sys.stdin: print(time.time(), flush=True)"
    with subprocess.Popen(
        [sys.executable, "-c", code], env=dict(clock.environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def seen():
            process.stdin.write("\n")
            process.stdin.flush()
            return float(process.stdout.readline()) - time.time()

        assert abs(seen()) < 5
        clock.advance(86_400)
        clock.advance(-3600)
        assert 82_790 < seen() < 82_810
        clock.reset()
        assert abs(seen()) < 5
        process.stdin.close()
    clock.close()
    assert not clock._folder.exists()
