"""The sentence that most requirements of encoding rest on, and the check that most scenarios end with."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import quote

NAMES_AND_VALUES = quote(
    "RFC 6749 B",
    "names and values MUST be encoded using the UTF-8 character encoding scheme [RFC3629] first; the resulting octet sequence "
    "then needs to be further encoded using the escaping rules defined in [W3C.REC-html401-19991224].",
)


def require_same(name: str, sent: str | None, configured: str) -> None:
    """Require that a parameter decodes to the configured value."""
    require(
        sent == configured,
        expected=f"{name} to decode to {configured!r}",
        seen=f"it decodes to {sent!r}",
        mark=Mark(text=f"{name}="),
    )
