"""Start a child in its own process group, and end it with all processes that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence


def start(
    command: Sequence[str], *, env: Mapping[str, str], cwd: str | None = None, umask: int = -1
) -> subprocess.Popen[bytes]:
    """Start a command with pipes on all three streams, as leader of a new session and process group.

    `umask` -1: that of this process.

    Raises:
        OSError: it cannot be started.
    """
    return subprocess.Popen(  # noqa: S603 - running the user's command is what this is for
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=dict(env),
        cwd=cwd,
        umask=umask,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes], *, patience_s: float) -> None:
    """End the whole group: send SIGTERM, wait up to `patience_s` seconds, send SIGKILL, and reap the leader.

    The group is always signalled: its leader may have ended while other processes run and keep its pipes open.
    """
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience_s)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def describe_exit(code: int) -> str:
    """Return how a process ended: its exit code or signal, as text."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group id stays reserved while the group has a process, so it cannot belong to another group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
