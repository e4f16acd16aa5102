"""Family: the connection itself, with or without TLS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.faults.fault_json import FaultError
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
    """Do not listen: the system refuses connections, for `seconds` from the opening (None: until the port recovers).

    Seen: a server that is down or restarts, a container that is not up yet. The port stays reserved, so that nothing
    else can answer there. The system refuses without telling, so the port's log stays empty and `times` cannot be had.
    """

    name: ClassVar[str] = "refuse"

    seconds: float | None = None

    def __post_init__(self) -> None:
        if self.times is not None:
            raise FaultError("fault refuse: refused connections cannot be counted; use seconds in place of times")
        self.check_seconds(self.seconds)


@register
@dataclass(frozen=True, kw_only=True)
class AcceptAndClose(ConnectionFault):
    """Accept, and close in an orderly way (FIN) before anything is read.

    Seen: load balancers and port forwarders (kubectl, Docker's proxy, SSH) without a backend; servers beyond their limit
    of connections. With https URLs it happens before the handshake.
    """

    name: ClassVar[str] = "accept_and_close"

    def on_accept(self) -> ConnectionPlan:
        """Close."""
        return (Close(),)


@register
@dataclass(frozen=True, kw_only=True)
class ResetOnAccept(ConnectionFault):
    """Accept, and reset at once (RST).

    Seen: firewalls that reject established connections; listeners whose process dies with a full queue.
    """

    name: ClassVar[str] = "reset_on_accept"

    def on_accept(self) -> ConnectionPlan:
        """Reset."""
        return (Reset(),)


@register
@dataclass(frozen=True, kw_only=True)
class ResetBeforeRead(ConnectionFault):
    """Reset (RST) when the first octets of the request have come, which stay unread.

    Seen: a backend that dies or closes an idle connection while the request is on its way. The client cannot know
    whether the request was processed; RFC 9110 §9.2.2 allows it to repeat only what is idempotent, and POST is not.
    """

    name: ClassVar[str] = "reset_before_read"

    def before_request(self) -> ConnectionPlan:
        """Wait for the request, and reset."""
        return (AwaitOctets(), Reset())


@register
@dataclass(frozen=True, kw_only=True)
class Silence(ConnectionFault):
    """Accept and read, but never answer; close after `seconds` (None: when the client does).

    Seen: a server whose workers all hang; a firewall that drops an established flow. With https URLs TLS comes about
    first; see tls_handshake_stall. Only a client's own time limit gets it out of this.
    """

    name: ClassVar[str] = "silent_accept"

    seconds: float | None = None

    def __post_init__(self) -> None:
        ConnectionFault.__post_init__(self)
        self.check_seconds(self.seconds)

    def before_request(self) -> ConnectionPlan:
        """Hold the line."""
        return (Hold(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class DelayAccept(ConnectionFault):
    """Let `seconds` pass before the connection is served, and before its TLS handshake; then behave.

    Seen: a server under load whose queue of connections is long; serverless cold starts.
    """

    name: ClassVar[str] = "delay_accept"

    seconds: float = 3.0

    def __post_init__(self) -> None:
        ConnectionFault.__post_init__(self)
        self.check_seconds(self.seconds)

    def on_accept(self) -> ConnectionPlan:
        """Wait."""
        return (Wait(seconds=self.seconds),)


@register
@dataclass(frozen=True, kw_only=True)
class Garbage(ConnectionFault):
    """Answer the first octets of the request with octets that are no HTTP, and close.

    Breaks RFC 9112 §4. Seen: a port that belongs to another protocol; the default, a fatal TLS alert, is what Java servers
    send to plain HTTP on their TLS port.
    """

    name: ClassVar[str] = "garbage_on_accept"

    octets: bytes = b"\x15\x03\x03\x00\x02\x02\x50"

    def before_request(self) -> ConnectionPlan:
        """Send them."""
        return (AwaitOctets(), Send(data=self.octets), Close())
