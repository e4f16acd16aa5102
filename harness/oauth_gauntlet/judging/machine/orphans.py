"""End the processes that a killed judging process leaves behind: the adapters that it had started.

Each adapter leads its own session, so no signal to our process group reaches it, and an adapter that hangs does not
notice the end of its stdin. Linux lets a process adopt the orphans among its descendants: there they are found and
ended. On other systems they end when they next read their stdin.
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
"""Seconds until orphans get SIGKILL; they get SIGTERM after half of it."""

_INSISTENCE_S = 5.0
"""Seconds until orphans are given up."""


@contextlib.contextmanager
def orphans_ended() -> Iterator[None]:
    """Adopt orphans inside the context, and end them when it ends. Children that existed before are left alone."""
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
    """Wait for orphans to end, then send SIGTERM, then SIGKILL. Their own orphans become our children and end too."""
    started = time.monotonic()
    never = threading.Event()
    asked: set[int] = set()
    while orphans := [child for child in _children() if child not in own]:
        lasted_s = time.monotonic() - started
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
        never.wait(0.02)


def _signal(orphan: int, number: signal.Signals) -> None:
    # The orphan is our child and not yet reaped, so no other process has its id. If it leads a group, the group ends too.
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
