"""The process in which the scenarios run: pytest, sealed off from the user's pytest configuration and plugins.

Its results stream comes back through a pipe, so that progress is live and finished results survive whatever happens to it.
It has a process group of its own, so that Ctrl-C reaches it once, by way of us, and a folder for temporary files, so that
none is left when it is killed.
"""

from __future__ import annotations

import os
import select
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
from oauth_gauntlet.adapters.pipes import TailReader
from oauth_gauntlet.errors import HarnessError

ENDED_S = 20.0
"""Seconds that it may take to end after an interruption, before it is killed."""

_STEP_S = 0.2
_CHUNK = 64 * 1024
_MOST_SAID = 1024 * 1024


class JudgingProcess:
    """One run of the scenarios. Read `lines` to their end, then ask for the exit `code`, then `close`.

    `interrupted` tells whether it was asked to end before it had.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        """Start it; `arguments` are options of pytest.

        Raises:
            HarnessError: the machine has no room, or no process, for it.
        """
        import oauth_gauntlet_scenarios

        folder = Path(str(oauth_gauntlet_scenarios.__file__)).parent
        self.interrupted = False
        self._deadline: float | None = None
        self._scratch: str | None = None
        read_end, write_end = os.pipe()
        try:
            self._scratch = tempfile.mkdtemp(prefix="oauth-gauntlet-")
            command = [
                *(sys.executable, "-m", "pytest", "-c", str(folder / "run.ini"), "--rootdir", str(folder)),
                *("-p", "oauth_gauntlet.pytest_plugin", "-p", "no:cacheprovider", "--noconftest", "--import-mode=importlib"),
                *("-q", "--oauth-results", f"/dev/fd/{write_end}", "--oauth-scratch", self._scratch, *arguments, str(folder)),
            ]
            environment = {key: value for key, value in os.environ.items() if key != "PYTEST_ADDOPTS"}
            environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
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
        assert self._process.stdout is not None
        self._output = TailReader(self._process.stdout, most_octets=_MOST_SAID)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the results stream as they come, each with its end; what was cut off is no line."""
        rest = b""
        while data := self._next_data():
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                yield f"{line.decode('utf-8', 'replace')}\n"

    def interrupt(self) -> None:
        """Ask it to end as it would at the terminal, where its results are completed; the second time, kill it."""
        if self.interrupted:
            self._signal(signal.SIGKILL)
        else:
            self.interrupted = True
            self._deadline = time.monotonic() + ENDED_S
            self._signal(signal.SIGINT)

    @property
    def code(self) -> int:
        """How it ended: pytest's exit code, or the number of a signal, negative."""
        while True:
            with suppress(subprocess.TimeoutExpired):
                return self._process.wait(_STEP_S)
            self._insist()

    @property
    def said(self) -> str:
        """What it wrote to stdout and stderr; the last MiB of it."""
        return self._output.text()

    def close(self) -> None:
        """End it, and what there is of its group, if it has not ended; remove its temporary files."""
        process_group.end(self._process, patience_s=1.0)
        self._output.stop()
        os.close(self._results)
        self._remove_scratch()

    def _next_data(self) -> bytes:
        gone = False
        while True:
            if select.select([self._results], [], [], _STEP_S)[0]:
                return os.read(self._results, _CHUNK)
            if gone:
                return b""  # whoever holds the other end now has nothing to write to it
            # One more step after it is gone: its last line may still be on the way.
            gone = self._process.poll() is not None
            self._insist()

    def _insist(self) -> None:
        if self._deadline is not None and time.monotonic() >= self._deadline:
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _remove_scratch(self) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
