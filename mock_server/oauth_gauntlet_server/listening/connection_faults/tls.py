"""Family: TLS. A port with one of these has https URLs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from oauth_gauntlet_server.faults.fault_json import FaultError, nearest
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

_LEGACY = ("1.0", "1.1")


@register
@dataclass(frozen=True, kw_only=True)
class PlainOnTLS(ConnectionFault):
    """Speak plain HTTP where the URL says https: a ClientHello is answered with 400 in clear text.

    Seen: a TLS-terminating proxy left out, or the wrong one of two ports. A client that then tries plain HTTP by itself is
    served, and has sent its credentials in clear text, which RFC 6749 §3.2 forbids; the journal shows it.
    """

    name: ClassVar[str] = "plain_on_tls"
    needs_tls: ClassVar[bool] = True
    speaks_tls: ClassVar[bool] = False


@register
@dataclass(frozen=True, kw_only=True)
class TLSHandshakeStall(ConnectionFault):
    """Read the ClientHello and never answer it; close after `seconds` (None: when the client does).

    Seen: overloaded TLS terminators; middleboxes that drop large ClientHellos. Many clients have a limit for connecting
    and one for reading, and none for what lies between.
    """

    name: ClassVar[str] = "tls_handshake_stall"
    needs_tls: ClassVar[bool] = True

    seconds: float | None = None

    def __post_init__(self) -> None:
        ConnectionFault.__post_init__(self)
        self.check_seconds(self.seconds)

    def on_accept(self) -> ConnectionPlan:
        """Hold the line."""
        return (Hold(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class TLSResetInHandshake(ConnectionFault):
    """Reset (RST) when the ClientHello has come.

    Seen: firewalls that filter by server name; servers that do not know the name (SNI) and send no alert.
    """

    name: ClassVar[str] = "tls_reset_in_handshake"
    needs_tls: ClassVar[bool] = True

    def on_accept(self) -> ConnectionPlan:
        """Wait for the ClientHello, and reset."""
        return (AwaitOctets(), Reset())


@register
@dataclass(frozen=True, kw_only=True)
class TLSCertificate(ConnectionFault):
    """Show a certificate that a client has to refuse (RFC 6749 §10.9, RFC 9525 §6); see `Certificate` for the kinds.

    Seen: all of them, in production. A client that goes on is served, and the port's log and the journal show it.
    """

    name: ClassVar[str] = "tls_certificate"
    needs_tls: ClassVar[bool] = True

    certificate: Certificate

    def tls_context(self, host: str) -> ssl.SSLContext:
        """Return a context with that certificate."""
        from oauth_gauntlet_server.listening.tls_context import server_context

        return server_context(self.certificate, host)


@register
@dataclass(frozen=True, kw_only=True)
class TLSVersion(ConnectionFault):
    """Speak nothing but TLS `version` 1.0 or 1.1, which RFC 8996 forbids; the certificate is in order.

    Seen: on-premises servers that were never updated. OpenSSL does this at security level 0 only, and may be built
    without; where this machine's cannot, opening the port is refused with `TLSUnavailable`.
    """

    name: ClassVar[str] = "tls_version"
    needs_tls: ClassVar[bool] = True

    version: str = "1.1"

    def __post_init__(self) -> None:
        ConnectionFault.__post_init__(self)
        if self.version not in _LEGACY:
            raise FaultError(f"fault {self.name}: version: unknown value {self.version!r}{nearest(self.version, _LEGACY)}")

    def tls_context(self, host: str) -> ssl.SSLContext:
        """Return a context of that version."""
        from oauth_gauntlet_server.listening.tls_context import legacy_context

        return legacy_context(self.version, host)
