"""A child process with a process group of its own, so that it can be ended with everything that it started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence


def start(command: Sequence[str], *, env: Mapping[str, str], cwd: str | None = None) -> subprocess.Popen[bytes]:
    """Start a command with pipes on all three streams, as leader of a new session and process group.

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
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes], *, patience_s: float) -> None:
    """End the whole group: ask first, insist after `patience_s` seconds, and reap the leader.

    The leader may have exited while others of its group live on and hold its pipes, so the group is always signalled.
    """
    _signal_group(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(patience_s)
    _signal_group(process, signal.SIGKILL)
    process.wait()


def describe_exit(code: int) -> str:
    """Return how a process ended, in words."""
    if code >= 0:
        return f"exit code {code}"
    with contextlib.suppress(ValueError):
        return f"signal {signal.Signals(-code).name}"
    return f"signal {-code}"


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    # The group keeps the leader's id for as long as anyone is in it, so it cannot have been given to a stranger.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
