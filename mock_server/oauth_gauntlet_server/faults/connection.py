"""Family: the connection, after a request was read.

These faults need the socket, so only our own listener can deliver them. A fault before a request is read
cannot be armed on a tenant: it needs a separate port, see
`oauth_gauntlet_server.listening.connection_faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Octets, Seconds
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_plan import WireStep
from oauth_gauntlet_server.http.wire_steps import (
    CloseInstead,
    CutShort,
    HalfCloseAfter,
    ResetInstead,
    SendAfter,
    SendInstead,
)


@dataclass(frozen=True, kw_only=True)
class _EndsWithoutAnswer(Fault):
    """Ends the connection in place of an answer; with `processed` the server processes the request first."""

    processed: bool = False

    def instead(self, context: FaultContext) -> Answer | None:  # noqa: ARG002 - the same for every request
        """Return an answer that only ends the connection, or None if the request is to be processed first."""
        return None if self.processed else Answer(status=500, wire=(self._step(),))

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the genuine answer, of which nothing is sent."""
        return answer.with_wire(self._step()) if self.processed else answer

    def _step(self) -> WireStep:
        raise NotImplementedError


@register
@dataclass(frozen=True, kw_only=True)
class CloseWithoutAnswer(_EndsWithoutAnswer):
    """Read the request, then close the connection without an answer.

    With `processed` the server processes the request first: a rotated refresh token is then used up, and its
    successor is lost. Seen: load balancers whose backend has just died; proxies that restart.
    """

    name: ClassVar[str] = "close_without_answer"

    def _step(self) -> WireStep:
        return CloseInstead()


@register
@dataclass(frozen=True, kw_only=True)
class ResetWithoutAnswer(_EndsWithoutAnswer):
    """Read the request, then reset the connection (RST) without an answer.

    With `processed` the server processes the request first. Seen: firewalls with idle limits, a backend that
    is killed.
    """

    name: ClassVar[str] = "reset_without_answer"

    def _step(self) -> WireStep:
        return ResetInstead()


@register
@dataclass(frozen=True, kw_only=True)
class Truncate(Fault):
    """Close the connection after `octets` of the body, before the end that Content-Length or the chunks announce.

    With `whole` the octets of the head count too; with `reset` the connection is reset. RFC 9112 §8: such an
    answer is incomplete, and a client must notice it. Seen: workers that die while they write, proxies at
    their buffer limit.
    """

    name: ClassVar[str] = "truncate"

    octets: Octets = 20
    whole: bool = False
    reset: bool = False

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer, of which only the first octets are sent."""
        return answer.with_wire(CutShort(self.octets, of_body=not self.whole, reset=self.reset))


@register
@dataclass(frozen=True, kw_only=True)
class HalfClose(Fault):
    """Send the whole genuine answer, then close only the sending half of the connection.

    The server then waits until the client closes its half, at most 10 seconds. This is legal TCP; a client
    that waits for more octets hangs. Seen: servers that linger (nginx's lingering_close).
    """

    name: ClassVar[str] = "half_close"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer, after which only the sending half is closed."""
        return answer.with_header("Connection", "close").with_wire(HalfCloseAfter())


@register
@dataclass(frozen=True, kw_only=True)
class Garbage(Fault):
    """Send these octets in place of an answer, and close; the request is not processed.

    Seen: an SSH or SMTP banner on the wrong port, a TLS alert from a server that expected TLS.
    """

    name: ClassVar[str] = "garbage"

    octets: bytes = b"\x00\x01\x02 this is no HTTP\r\n\r\n"

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer that is only these octets."""
        return Answer(status=500, wire=(SendInstead(self.octets),))


@register
@dataclass(frozen=True, kw_only=True)
class UnsolicitedResponse(Fault):
    """Send a second, unsolicited response after the genuine one, on a connection that stays open.

    With `delay_s` of 0 the second response follows in the same write as the end of the first; otherwise it
    follows `delay_s` seconds later, when the client has read the first. A client that reuses the connection
    must not take it for the answer to its next request (RFC 9112 §9.2). Seen: response splitting, servers
    that answer twice after an internal error.
    """

    name: ClassVar[str] = "unsolicited_response"

    octets: bytes = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"
        b'{"access_token": "unsolicited-token", "token_type":"Bearer"}'
    )
    delay_s: Seconds = 0.0

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the second response after it."""
        return answer.with_wire(SendAfter(self.octets, self.delay_s))
