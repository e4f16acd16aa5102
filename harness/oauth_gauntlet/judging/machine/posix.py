"""Check that this system has what judging a client needs: the POSIX modules of Python.

Judging starts processes in groups and sessions of their own, polls pipes and raises descriptor limits. The mock
server, the gate and the reports need none of this, and work on every system.
"""

from __future__ import annotations

from importlib.util import find_spec

from oauth_gauntlet.errors import UsageError

_NEEDED = ("fcntl", "resource")


def require_posix() -> None:
    """Check that the POSIX modules exist.

    Raises:
        UsageError: one is missing.
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise UsageError(
            "judging a client needs a POSIX system (Linux, macOS, or WSL on Windows): "
            f"this Python has no module {' and no module '.join(missing)}"
        )
