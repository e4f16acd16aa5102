"""Raise this process's limit of open files, so that all connections of a run fit.

Each connection needs a descriptor at the server's end, and another one if the client is in this process. Some systems
start a process with a low limit and allow it to raise it.
"""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet.errors import HarnessError

ENOUGH = 1024
"""The limit to request if the current one is lower."""

LEAST = 128
"""Minimum open-file limit; below it concurrency scenarios fail because of the machine."""


def raise_descriptor_limit() -> None:
    """Raise the limit of open files if it is low.

    Raises:
        HarnessError: it stays too low.
    """
    import resource  # POSIX only, see `machine.posix`

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= ENOUGH:
        return
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if limit < LEAST:
        raise HarnessError(
            f"this process may have {limit} files and connections open at once, and scenarios with many callers need {LEAST}; "
            f"raise the limit (ulimit -n {ENOUGH})"
        )
