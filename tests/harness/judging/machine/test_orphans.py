"""Orphans are adopted and ended; children of one's own are not touched."""

import os
import signal
import subprocess
import sys
import time

import pytest

from oauth_gauntlet.judging.machine.orphans import orphans_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")

# Starts a process in a session of its own, says which, and leaves it alone.
LEAVES = """
import subprocess, sys
code = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
left = subprocess.Popen([sys.executable, "-c", code], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
left.stdout.readline()
print(left.pid, flush=True)
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_orphan_that_is_deaf_is_ended_and_reaped_and_an_own_child_lives_on():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as own:
        with orphans_ended():
            orphan = int(subprocess.run([sys.executable, "-c", LEAVES], capture_output=True, text=True, check=True).stdout)
            assert alive(orphan)
        assert not alive(orphan)
        assert own.poll() is None
        own.send_signal(signal.SIGKILL)


def test_without_orphans_nothing_is_waited_for():
    began = time.monotonic()
    with orphans_ended():
        pass
    assert time.monotonic() - began < 0.5
