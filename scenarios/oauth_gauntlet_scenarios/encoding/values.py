"""The check that most scenarios of encoding end with."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.model import Mark


def require_same(name: str, sent: str | None, configured: str) -> None:
    """Require that a parameter decodes to the configured value."""
    require(
        sent == configured,
        expected=f"{name} to decode to {configured!r}",
        seen=f"it decodes to {sent!r}",
        mark=Mark(text=f"{name}="),
    )
