"""Move the clock of a client's process, for clients that read the time and have no clock parameter.

time-machine moves the clock of the process that it runs in: of this one for a Python client in it, or of a Python client's own.
libfaketime moves the clock of a program: it is preloaded, and reads an offset from a file. Neither changes the monotonic clock,
which time limits use.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from oauth_gauntlet.adapter import AdapterProcess

if TYPE_CHECKING:
    from time_machine import travel

_FOLDERS = ("/usr/lib", "/usr/local/lib", "/opt/homebrew/lib")
_LIBRARY = "faketime/libfaketime.so.1"

MISSING_LIBRARY = "libfaketime is not installed (Debian: apt-get install libfaketime)"
MISSING_PACKAGE = "time-machine is not installed: pip install 'oauth-gauntlet[clock]'"


class ProcessClock(ABC):
    """A clock that can be moved; `name` is its name in reports."""

    name: str
    environment: Mapping[str, str] = {}
    """Environment variables that a process needs, so that its clock can be moved."""

    @abstractmethod
    def advance(self, seconds: float) -> None:
        """Move the clock forward, or back if `seconds` is negative."""

    @abstractmethod
    def reset(self) -> None:
        """Reset the clock to real time."""

    def close(self) -> None:
        """Reset the clock, and release all resources."""
        self.reset()


class TravellingClock(ProcessClock):
    """The clock of this process, moved by time-machine."""

    name = "time-machine"

    def __init__(self) -> None:
        self._offset_s = 0.0
        self._travel: travel | None = None

    def advance(self, seconds: float) -> None:
        """Move the clock that all code of this process reads."""
        import time_machine

        self._stop()
        self._offset_s += seconds
        self._travel = time_machine.travel(real_time() + self._offset_s, tick=True)
        self._travel.start()

    def reset(self) -> None:
        """Reset the clock to real time."""
        self._stop()
        self._offset_s = 0.0

    def _stop(self) -> None:
        travelled, self._travel = self._travel, None
        if travelled is not None:
            travelled.stop()


class ProgramClock(ProcessClock):
    """The clock of the process of a Python client, which moves it by time-machine itself (`python_program`)."""

    name = "time-machine"

    def __init__(self, process: AdapterProcess) -> None:
        self._process = process
        self._moved = False

    def advance(self, seconds: float) -> None:
        """Move the clock that all code of the process reads."""
        self._moved = True
        self._process.call("move_clock", {"seconds": seconds})

    def reset(self) -> None:
        """Reset the clock to real time."""
        if self._moved:
            self._process.call("reset_clock", {})
        self._moved = False

    def close(self) -> None:
        """Do nothing: the clock ends with its process."""


class FaketimeClock(ProcessClock):
    """The clock of a process under libfaketime; a file contains its offset."""

    name = "libfaketime"

    def __init__(self, library: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="oauth-gauntlet-clock-"))
        self._file = self._folder / "offset"
        self._offset_s = 0.0
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.reset()

    def advance(self, seconds: float) -> None:
        """Move the clock of the process; libfaketime reads the file each time the program reads the clock."""
        self._write(self._offset_s + seconds)

    def reset(self) -> None:
        """Reset the clock to real time."""
        self._write(0.0)

    def close(self) -> None:
        """Remove the file; all processes that use it must have ended."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, offset_s: float) -> None:
        self._offset_s = offset_s
        new = self._file.with_suffix(".new")
        new.write_text(f"{offset_s:+.3f}\n", encoding="ascii")
        new.replace(self._file)


def real_time() -> float:
    """Return the time of the machine in seconds since the epoch, also while the clock of this process is moved."""
    import time_machine

    hatch = time_machine.escape_hatch
    return hatch.time.time() if hatch.is_travelling() else time.time()


def machine_time() -> Callable[[], float]:
    """Return a function that returns the time of the machine; time-machine need not be installed."""
    return real_time if can_travel() else time.time


def can_travel() -> bool:
    """Return whether time-machine is installed."""
    return importlib.util.find_spec("time_machine") is not None


def faketime_library() -> Path | None:
    """Return the path of libfaketime, or None if it is not installed."""
    if os.name != "posix":
        return None
    for folder in map(Path, _FOLDERS):
        for candidate in (folder / _LIBRARY, *sorted(folder.glob(f"*/{_LIBRARY}"))):
            if candidate.exists():
                return candidate
    return None
