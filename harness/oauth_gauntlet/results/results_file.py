"""The file in which a results stream is kept. One run at a time writes it: two would mix their results."""

from __future__ import annotations

import fcntl
import os
import stat
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import not_written


class ResultsFile:
    """A results stream on its way into a file, or into a pipe; each line is there, or, at the end, the begin of one.

    What the file held before is gone when it is opened.
    """

    def __init__(self, path: Path, option: str) -> None:
        """Open the file and keep other runs out of it; `option` is what errors call it.

        Raises:
            UsageError: it cannot be written, or another run is writing it.
        """
        self._what = f"{option} {path}"
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o666)
        except OSError as error:
            raise not_written(self._what, error) from error
        except ValueError as error:  # a path with a NUL
            raise UsageError(f"{option}: {error}") from error
        try:
            self._take()
        except BaseException:
            os.close(self._descriptor)
            raise

    def write(self, line: str) -> None:
        """Add a line, with its end; it is in the file, as far as the system is concerned, when this returns.

        Raises:
            OSError: it cannot be written.
        """
        left = memoryview(line.encode("utf-8"))
        while left:
            left = left[os.write(self._descriptor, left) :]

    def close(self) -> None:
        """Let others write the file."""
        with suppress(OSError):  # what was written was written
            os.close(self._descriptor)

    def _take(self) -> None:
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            return
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"{self._what}: another run is writing it; give each run a file of its own, or wait until that one has ended"
            ) from error
        except OSError:
            pass  # some network file systems have no locks, and then there is none
        os.ftruncate(self._descriptor, 0)
