"""Write the results stream to its file. Only one run at a time may write a file: two would mix their results."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import not_written


class ResultsFile:
    """A file or a pipe to which a results stream is written. Opening it deletes the file's previous content.

    After a crash the file contains whole lines, except that the last line may be cut off.
    """

    def __init__(self, path: Path, option: str) -> None:
        """Open the file and lock it. `option` is what error messages call it.

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
            self._lock()
        except BaseException:
            os.close(self._descriptor)
            raise

    def write(self, line: str) -> None:
        """Write a line, which includes its line feed. The operating system has it when this returns.

        Raises:
            OSError: it cannot be written.
        """
        left = memoryview(line.encode("utf-8"))
        while left:
            left = left[os.write(self._descriptor, left) :]

    def close(self) -> None:
        """Close the file and release the lock."""
        with suppress(OSError):  # every line has already been written
            os.close(self._descriptor)

    def _lock(self) -> None:
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            return
        import fcntl  # POSIX only, see `judging.machine.posix`

        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(
                f"{self._what}: another run is writing it; give each run its own file, or wait until that run has ended"
            ) from error
        except OSError:
            pass  # some network file systems have no locks; then the file is written without one
        os.ftruncate(self._descriptor, 0)
