"""Start and read the judging process: pytest, isolated from the user's pytest configuration and plugins.

Its results stream arrives through a pipe, so progress is live and finished results survive whatever happens to the
process. It leads its own process group, so Ctrl-C at the terminal reaches only the parent, which interrupts it once.
It has its own folder for temporary files, so that none is left if it is killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet.adapters import process_group
from oauth_gauntlet.adapters.client_environment import UMASK
from oauth_gauntlet.adapters.pipes import TailReader, readable
from oauth_gauntlet.errors import HarnessError
from oauth_gauntlet.judging.judging_environment import judging_environment

ENDED_S = 20.0
"""Seconds that the process may take to end after an interrupt, before it is killed."""

_UNREAD = ("logging", "unraisableexception")
"""Plugins of pytest that work around each test or at the end, and whose output nobody reads here."""

_STEP_S = 0.2
_CHUNK = 64 * 1024
_MOST_STDERR = 64 * 1024
"""Octets of stderr that are kept."""


class JudgingProcess:
    """One run of the scenarios. Read `lines` to the end, then read the exit `code`, then call `close`.

    `interrupted`: the process was asked to end before it had ended.
    """

    def __init__(self, arguments: Sequence[str], scenarios: Path) -> None:
        """Start the process. `arguments` are options of pytest, `scenarios` is the folder of the scenarios.

        Raises:
            HarnessError: the machine has no process or no temporary folder left.
        """
        self.interrupted = False
        self._deadline: float | None = None
        self._scratch: str | None = None
        read_end, write_end = os.pipe()
        try:
            self._scratch = tempfile.mkdtemp(prefix="oauth-gauntlet-")
            command = [
                *(sys.executable, "-m", "pytest", "-c", str(scenarios / "run.ini"), "--rootdir", str(scenarios)),
                *("-p", "oauth_gauntlet.pytest_plugin", "-p", "no:cacheprovider", "--noconftest", "--import-mode=importlib"),
                *(f"-pno:{plugin}" for plugin in _UNREAD),
                *("-q", "--oauth-results", f"/dev/fd/{write_end}", "--oauth-scratch", self._scratch, *arguments),
                str(scenarios),
            ]
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=judging_environment(os.environ),
                umask=UMASK,
                pass_fds=[write_end],
                start_new_session=True,
            )
        except OSError as error:
            os.close(read_end)
            self._remove_scratch()
            raise HarnessError(f"the scenarios cannot be run: {error.strerror or error}") from error
        finally:
            os.close(write_end)
        self._results = read_end
        assert self._process.stderr is not None
        self._stderr = TailReader(self._process.stderr, most_octets=_MOST_STDERR)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the results stream as they arrive, with their line feeds. A line that was cut off is dropped."""
        rest = b""
        while data := self._next_data():
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                yield f"{line.decode('utf-8', 'replace')}\n"

    def interrupt(self) -> None:
        """Send SIGINT, after which pytest ends in order and completes its results; the second time, send SIGKILL."""
        if self.interrupted:
            self._signal(signal.SIGKILL)
        else:
            self.interrupted = True
            self._deadline = time.monotonic() + ENDED_S
            self._signal(signal.SIGINT)

    @property
    def code(self) -> int:
        """The exit code of pytest, or the negative number of the signal that ended it. Waits for the end."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                return self._process.wait(_STEP_S)
            self._kill_if_overdue()

    @property
    def stderr_tail(self) -> str:
        """The last 64 KiB of stderr."""
        return self._stderr.text()

    def close(self) -> None:
        """End the process and its group, if they still run; remove the temporary files."""
        process_group.end(self._process, patience_s=1.0)
        self._stderr.stop()
        os.close(self._results)
        self._remove_scratch()

    def _next_data(self) -> bytes:
        ended = False
        while True:
            if readable(self._results, timeout_s=_STEP_S):
                return os.read(self._results, _CHUNK)
            if ended:
                return b""  # another process may keep the write end open, such as an adapter, but writes nothing
            # Wait one more step after the end: the last line may still be in the pipe.
            ended = self._process.poll() is not None
            self._kill_if_overdue()

    def _kill_if_overdue(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _remove_scratch(self) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
