"""Wait for what a server records from its own threads."""

import time

PATIENCE_S = 60
"""A time limit that only guards against hanging, in seconds."""


def eventually(look):
    """Return the first true value of `look()`; fail if there is none within `PATIENCE_S` seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := look()):
        assert time.monotonic() < deadline, f"still {found!r} after {PATIENCE_S} s"
        time.sleep(0.01)
    return found
