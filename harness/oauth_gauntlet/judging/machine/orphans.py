"""Processes that lost whoever started them: adapters of a judging process that was killed.

Each adapter is the leader of a session of its own, so that no signal to a group reaches it; and one that hangs does not see
the end of its stdin. Where the system lets a process adopt the orphans among its descendants (Linux), they are found and
ended. Elsewhere they end by themselves, once they look at their stdin.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
"""<linux/prctl.h>"""

_PATIENCE_S = 2.0
_INSISTENCE_S = 5.0


@contextlib.contextmanager
def orphans_ended() -> Iterator[None]:
    """Adopt what is orphaned meanwhile, and end it at the end; children that were there before are left alone."""
    if not _adopt(wanted=True):
        yield
        return
    own = set(_children())
    try:
        yield
    finally:
        _end(own)
        _adopt(wanted=False)


def _adopt(*, wanted: bool) -> bool:
    if sys.platform != "linux":
        return False
    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def _end(own: set[int]) -> None:
    """Give orphans a moment to end by themselves, ask, and then insist; what they leave becomes ours in turn."""
    began = time.monotonic()
    look_again = threading.Event()  # never set
    asked: set[int] = set()
    while orphans := [child for child in _children() if child not in own]:
        lasted_s = time.monotonic() - began
        if lasted_s > _INSISTENCE_S:
            return
        for orphan in orphans:
            if lasted_s > _PATIENCE_S:
                _signal(orphan, signal.SIGKILL)
            elif lasted_s > _PATIENCE_S / 2 and orphan not in asked:
                asked.add(orphan)
                _signal(orphan, signal.SIGTERM)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(orphan, os.WNOHANG)
        look_again.wait(0.02)


def _signal(orphan: int, number: signal.Signals) -> None:
    # It is our child and not reaped, so that its id is nobody else's; its group is ended too, where it leads one.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(orphan, number)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if os.getpgid(orphan) == orphan:
            os.killpg(orphan, number)


def _children() -> list[int]:
    found: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):
            found += map(int, (task / "children").read_text(encoding="ascii").split())
    return found
