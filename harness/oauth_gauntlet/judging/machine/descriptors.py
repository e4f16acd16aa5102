"""Room for the connections of a run.

Each takes a descriptor at the server's end, and one more where the client is in this process. Some systems begin with few
of them and allow many.
"""

from __future__ import annotations

import resource
from contextlib import suppress

from oauth_gauntlet.errors import HarnessError

ENOUGH = 1024
"""Descriptors that are asked for where the system begins with fewer."""

LEAST = 128
"""Descriptors without which scenarios about many callers would say of a client what is the machine's doing."""


def raise_descriptor_limit() -> None:
    """Raise this process's limit of open files, if it is low and may be raised.

    Raises:
        HarnessError: it stays too low.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= ENOUGH:
        return
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(ENOUGH, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    had = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if had < LEAST:
        raise HarnessError(
            f"this process may have {had} files and connections open at once, and scenarios about many callers need {LEAST}; "
            f"raise the limit (ulimit -n {ENOUGH})"
        )
