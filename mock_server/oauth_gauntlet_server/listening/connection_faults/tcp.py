"""Family: the TCP connection, before a request is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.faults.parameter_types import Seconds
from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait
from oauth_gauntlet_server.listening.connection_faults.base import (
    AwaitOctets,
    ConnectionFault,
    ConnectionPlan,
    Hold,
    Reset,
    register,
)


@register
@dataclass(frozen=True, kw_only=True)
class Refuse(ConnectionFault):
    """Do not listen: the system refuses connections, for `seconds` after the port opens (null: until it recovers).

    Seen: a server that is down or restarts, a container that is not ready yet. The port stays reserved, so no
    other program can answer there. The server does not see refused connections, so the port's log stays empty
    and `times` is not possible.
    """

    name: ClassVar[str] = "refuse"

    times: None = None
    seconds: Seconds | None = None


@register
@dataclass(frozen=True, kw_only=True)
class AcceptAndClose(ConnectionFault):
    """Accept, and close normally (FIN) before anything is read.

    Seen: load balancers and port forwarders (kubectl, Docker's proxy, SSH) without a backend; servers that
    have reached their connection limit. With https URLs it happens before the handshake.
    """

    name: ClassVar[str] = "accept_and_close"

    def on_accept(self) -> ConnectionPlan:
        """Return the action: close."""
        return (Close(),)


@register
@dataclass(frozen=True, kw_only=True)
class ResetOnAccept(ConnectionFault):
    """Accept, and reset immediately (RST).

    Seen: firewalls that reject established connections; listeners when their process dies with a full queue.
    """

    name: ClassVar[str] = "reset_on_accept"

    def on_accept(self) -> ConnectionPlan:
        """Return the action: reset."""
        return (Reset(),)


@register
@dataclass(frozen=True, kw_only=True)
class ResetBeforeRead(ConnectionFault):
    """Reset (RST) when the first octets of the request have arrived, without reading them.

    Seen: a backend that dies or closes an idle connection while the request is being sent. The client cannot
    know whether the request was processed; RFC 9110 §9.2.2 allows it to repeat only idempotent requests, and
    POST is not idempotent.
    """

    name: ClassVar[str] = "reset_before_read"

    def before_request(self) -> ConnectionPlan:
        """Return the actions: wait for the first octets, then reset."""
        return (AwaitOctets(), Reset())


@register
@dataclass(frozen=True, kw_only=True)
class Silence(ConnectionFault):
    """Accept and read, but never respond; close after `seconds` (null: when the client closes).

    Seen: a server with all workers blocked; a firewall that drops the packets of an established connection.
    With https URLs the TLS handshake succeeds first; for a stall in the handshake see tls_handshake_stall.
    Only a time limit of the client ends the wait.
    """

    name: ClassVar[str] = "silent_accept"

    seconds: Seconds | None = None

    def before_request(self) -> ConnectionPlan:
        """Return the action: read, and send nothing."""
        return (Hold(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class DelayAccept(ConnectionFault):
    """Wait `seconds` before the TLS handshake and the first request, then serve the connection normally.

    Seen: a server under load with a long queue of connections; serverless cold starts.
    """

    name: ClassVar[str] = "delay_accept"

    seconds: Seconds = 3.0

    def on_accept(self) -> ConnectionPlan:
        """Return the action: wait."""
        return (Wait(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class Garbage(ConnectionFault):
    """Respond to the first octets of the request with octets that are not HTTP, and close.

    Breaks RFC 9112 §4. Seen: a port of another protocol. The default is a fatal TLS alert: Java servers send
    it to a plain HTTP request on their TLS port.
    """

    name: ClassVar[str] = "garbage_on_accept"

    octets: bytes = b"\x15\x03\x03\x00\x02\x02\x50"

    def before_request(self) -> ConnectionPlan:
        """Return the actions: wait for the first octets, send `octets`, close."""
        return (AwaitOctets(), Send(data=self.octets), Close())
