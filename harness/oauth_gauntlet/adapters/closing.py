"""Close an adapter of which nothing is expected any more."""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.errors import AdapterError


def close_quietly(adapter: ClientAdapter) -> None:
    """Close an adapter that nothing depends on any more: that it broke the protocol is known, or of no matter."""
    with suppress(AdapterError):
        adapter.close()
