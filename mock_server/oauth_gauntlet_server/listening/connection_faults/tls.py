"""Family: TLS, before a request is read.

A port with one of these faults has https URLs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from oauth_gauntlet_server.faults.parameter_types import Seconds
from oauth_gauntlet_server.listening.certificates import Certificate
from oauth_gauntlet_server.listening.connection_faults.base import (
    AwaitOctets,
    ConnectionFault,
    ConnectionPlan,
    Hold,
    Reset,
    register,
)

if TYPE_CHECKING:
    import ssl


@register
@dataclass(frozen=True, kw_only=True)
class PlainOnTLS(ConnectionFault):
    """Serve plain HTTP at an https URL: the server responds to a ClientHello with 400 in clear text.

    Seen: a missing TLS-terminating proxy, or the wrong one of two ports. A client that then falls back to
    plain HTTP is served. It has sent its credentials in clear text, which RFC 6749 §3.2 forbids; the journal
    contains the request.
    """

    name: ClassVar[str] = "plain_on_tls"
    needs_tls: ClassVar[bool] = True
    uses_tls: ClassVar[bool] = False


@register
@dataclass(frozen=True, kw_only=True)
class TLSHandshakeStall(ConnectionFault):
    """Read the ClientHello and never respond; close after `seconds` (null: when the client closes).

    Seen: overloaded TLS terminators; middleboxes that drop large ClientHellos. Many clients have a time limit
    for the connect and one for reading, but none for the handshake.
    """

    name: ClassVar[str] = "tls_handshake_stall"
    needs_tls: ClassVar[bool] = True

    seconds: Seconds | None = None

    def on_accept(self) -> ConnectionPlan:
        """Return the action: read, and send nothing."""
        return (Hold(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class TLSResetInHandshake(ConnectionFault):
    """Reset (RST) when the ClientHello has arrived.

    Seen: firewalls that filter by server name; servers that do not know the name (SNI) and send no alert.
    """

    name: ClassVar[str] = "tls_reset_in_handshake"
    needs_tls: ClassVar[bool] = True

    def on_accept(self) -> ConnectionPlan:
        """Return the actions: wait for the ClientHello, then reset."""
        return (AwaitOctets(), Reset())


@register
@dataclass(frozen=True, kw_only=True)
class TLSCertificate(ConnectionFault):
    """Present a certificate that a client must reject (RFC 6749 §10.9, RFC 9525 §6); the kinds are in `Certificate`.

    Seen: all kinds, in production. A client that accepts it is served; the port's log and the journal contain
    the request.
    """

    name: ClassVar[str] = "tls_certificate"
    needs_tls: ClassVar[bool] = True

    certificate: Certificate

    def tls_context(self, host: str) -> ssl.SSLContext:
        """Return a server context with that certificate."""
        from oauth_gauntlet_server.listening.tls_context import server_context

        return server_context(self.certificate, host)


@register
@dataclass(frozen=True, kw_only=True)
class TLSVersion(ConnectionFault):
    """Support only TLS `version` 1.0 or 1.1, which RFC 8996 forbids; the certificate is valid.

    Seen: on-premises servers that were never updated. OpenSSL supports these versions only at security level
    0, and may be built without them. If OpenSSL on this machine does not support the version, opening the
    port raises `TLSUnavailable`.
    """

    name: ClassVar[str] = "tls_version"
    needs_tls: ClassVar[bool] = True

    version: Literal["1.0", "1.1"] = "1.1"

    def tls_context(self, host: str) -> ssl.SSLContext:
        """Return a server context for that version."""
        from oauth_gauntlet_server.listening.tls_context import legacy_context

        return legacy_context(self.version, host)
