"""Family: redirects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.http.answer import Answer

MOVED = "/moved/"
"""The path of a redirect to the same origin: ``/<tenant>/moved/token`` behaves as ``/<tenant>/token``."""


@register
@dataclass(frozen=True, kw_only=True)
class Redirect(Fault):
    """Answer with a redirect; the request is not processed at this URL.

    `to`: ``same-origin`` (a URL that processes the request), ``other-origin`` (a second listener; the journal
    shows its requests under the endpoint ``other_origin``), ``other-host`` (the same second listener under
    another name: localhost in place of 127.0.0.1, or the reverse), ``loop`` (the same URL again), ``nowhere``
    (no Location), or any URL, which is sent unchanged. `relative` omits scheme and authority. RFC 9110 §15.4: a
    client may change POST to GET after 301 and 302, does so after 303, and keeps POST after 307 and 308. RFC
    9700 §4.12 warns servers against 307, because a client then sends its credentials on. Seen: http to https, a
    trailing slash, an old host name that redirects to the new one.
    """

    name: ClassVar[str] = "redirect"

    status: Literal[300, 301, 302, 303, 307, 308] = 307
    to: str = "same-origin"
    relative: bool = False

    def instead(self, context: FaultContext) -> Answer | None:
        """Return the redirect, or None for a request that follows a redirect to the same origin."""
        if self.to == "same-origin" and MOVED in context.request.path:
            return None
        location = self._location(context)
        return Answer(status=self.status, headers=() if location is None else (("Location", location),))

    def _location(self, context: FaultContext) -> str | None:
        parts = urlsplit(context.issuer)
        tenant, origin = parts.path, f"{parts.scheme}://{parts.netloc}"
        match self.to:
            case "nowhere":
                return None
            case "same-origin":
                path = f"{tenant}{MOVED}{context.endpoint}"
            case "other-origin":
                origin, path = context.other_origin(), f"{tenant}/{context.endpoint}"
            case "other-host":
                origin, path = _under_another_name(context.other_origin()), f"{tenant}/{context.endpoint}"
            case "loop":
                path = context.request.path
            case _:
                return self.to
        return path if self.relative else f"{origin}{path}"


def _under_another_name(origin: str) -> str:
    """Return the URL of an origin on loopback with the other name of the host."""
    parts = urlsplit(origin)
    return f"{parts.scheme}://{'127.0.0.1' if parts.hostname == 'localhost' else 'localhost'}:{parts.port}"
