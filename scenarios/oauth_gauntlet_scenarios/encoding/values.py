"""The request with a configured value, and the check that the value arrives."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import quote
from oauth_gauntlet_scenarios.refusal import is_refused, request_of
from oauth_gauntlet_server import RecordedRequest

NAMES_AND_VALUES = quote(
    "RFC 6749 B",
    "names and values MUST be encoded using the UTF-8 character encoding scheme [RFC3629] first; the resulting octet sequence "
    "then needs to be further encoded using the escaping rules defined in [W3C.REC-html401-19991224].",
)


def request_with(client: LabClient, **changes: JSON) -> RecordedRequest:
    """Return the token request that a configuration with a legal value leads to.

    Raises:
        Breach: there is none. If the client rejects the configuration, no rule of encoding is broken: a warning.
    """
    answer = client.obtain(**changes)
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG and is_refused(client, answer):
        advise(False, expected="a token request with this value, which RFC 6749 Appendix A allows", seen=described(answer))
    return request_of(client)


def require_same(name: str, sent: str | None, configured: str) -> None:
    """Require that a parameter decodes to the configured value."""
    require(
        sent == configured,
        expected=f"{name} to decode to {configured!r}",
        seen=f"it decodes to {sent!r}",
        mark=Mark(text=f"{name}="),
    )
