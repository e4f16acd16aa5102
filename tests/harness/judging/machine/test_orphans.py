"""Orphans are adopted and ended; the children that existed before are not touched."""

import os
import signal
import subprocess
import sys
from types import SimpleNamespace

import pytest

from oauth_gauntlet.judging.machine import orphans
from oauth_gauntlet.judging.machine.orphans import orphans_ended

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process adopt orphans")

# Starts a process in its own session, prints its id, and ends without it.
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


def test_an_orphan_that_ignores_sigterm_is_killed_and_an_own_child_survives():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as own:
        with orphans_ended():
            orphan = int(subprocess.run([sys.executable, "-c", LEAVES], capture_output=True, text=True, check=True).stdout)
            assert alive(orphan)
        assert not alive(orphan)
        assert own.poll() is None
        own.send_signal(signal.SIGKILL)


def test_without_orphans_there_is_no_wait(monkeypatch):
    waiting = SimpleNamespace(wait=lambda seconds: pytest.fail(f"waits {seconds} s"))
    monkeypatch.setattr(orphans, "threading", SimpleNamespace(Event=lambda: waiting))
    with orphans_ended():
        pass
