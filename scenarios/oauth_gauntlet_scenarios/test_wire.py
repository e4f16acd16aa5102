"""Transport trouble: a connection that breaks is an error for the application, and not a reason to hammer the server."""

from __future__ import annotations

from oauth_gauntlet.judge import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, requirement
from oauth_gauntlet_server import Tenant, faults


# RFC 9110 §9.2.2: a client SHOULD NOT automatically retry a request with a non-idempotent method; one replay on a
# connection that broke before any byte of the answer is practice.
@requirement(
    "wire.closed",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="A connection that is closed without an answer gives a transport error, after one replay at most.",
)
def test_closed(client: LabClient, tenant: Tenant) -> None:
    """Do: the server reads the token request and closes the connection, each time. Check: a documented error."""
    tenant.arm(faults.close_without_answer())
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents as one of transport",
        seen=described(answer),
    )
    count = tenant.journal.count("token")
    require(count <= 2, expected="at most one replay", seen=f"{count} token requests")


@requirement(
    "wire.slow",
    level=INTEROP,
    source="practice",
    statement="A server that takes half a second to answer is waited for.",
)
def test_slow(client: LabClient, tenant: Tenant) -> None:
    """Do: the answer comes after half a second. Check: the token is handed out, after one request."""
    tenant.arm(faults.delay(0.5))
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count}")
