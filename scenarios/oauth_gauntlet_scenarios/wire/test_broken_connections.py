"""Transport trouble: a connection that breaks is an error for the application, and not a reason to hammer the server."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault


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
    "wire.refused",
    level=INTEROP,
    source="practice",
    statement="A refused connection gives an error that the client documents.",
)
def test_refused(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: nobody listens at the token URL. Check: a documented error."""
    port = ports.open(connection_fault("refuse"))
    require_error(client.obtain(token_url=port.url_of(tenant)))


# RFC 9110 §9.2.2: a request that is not idempotent is not to be repeated automatically, unless the client knows that the
# first was never applied; one replay is practice where no octet of an answer came.
@requirement(
    "wire.reset",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="A reset connection gives an error that the client documents, after one replay at most.",
    variants={
        "without-answer": {"fault": "reset_without_answer"},
        "in-head": {"fault": "truncate", "octets": 15, "whole": True, "reset": True},
        "in-body": {"fault": "truncate", "octets": 20, "reset": True},
    },
)
def test_reset(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server resets the connection before, within or after the head. Check: a documented error, one replay at most."""
    tenant.arm(faults.fault_from_json(variant.value))
    require_error(client.try_get_token())
    count = tenant.journal.count("token")
    require(count <= 2, expected="at most one replay", seen=f"{count} token requests")


@requirement(
    "wire.reset-on-accept",
    level=INTEROP,
    source="practice",
    statement="A connection that is reset or closed before a request is read gives an error that the client documents.",
    variants=["reset_on_accept", "accept_and_close", "reset_before_read"],
)
def test_reset_on_accept(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server ends each connection before it reads a request. Check: a documented error."""
    port = ports.open(connection_fault(variant.name))
    require_error(client.obtain(token_url=port.url_of(tenant)))


# RFC 9112 §8: a response is incomplete when fewer octets come than Content-Length says, or the last chunk is missing; "A
# client that receives an incomplete response message ... MUST record the message as incomplete."
@requirement(
    "wire.truncated",
    level=MUST,
    source="RFC 9112 8",
    statement="An answer that is cut short gives no token.",
    variants={
        "length": {"fault": "truncate", "octets": 40},
        "chunk": {"fault": "all_of", "faults": [{"fault": "chunked", "octets": 200}, {"fault": "truncate", "octets": 45}]},
    },
)
def test_truncated(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the connection ends within the body. Check: no token, and a documented error."""
    tenant.arm(faults.fault_from_json(variant.value))
    answer = client.try_get_token()
    require(isinstance(answer, ErrorInfo), expected="an error: the answer is incomplete", seen=described(answer))
    advise(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
    )


# RFC 9110 §9.2.2: a client SHOULD NOT automatically retry a request with a non-idempotent method; one replay on a
# connection that broke before any byte of the answer is practice.
_ROUNDS = 10
"""How often an exchange is repeated whose outcome is up to chance in some clients: their verdict is not to be."""


# RFC 9112 §8 makes no difference here, but the document is whole: who takes it takes nothing wrong.
@requirement(
    "wire.last-chunk-missing",
    level=INTEROP,
    source="RFC 9112 8",
    statement="An answer whose last chunk is missing counts as incomplete, though its document is whole.",
)
def test_last_chunk_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes before the last chunk, time and again. Check: an error each time."""
    # Some clients see the end of the connection in time, or not; for some it counts whether the body comes in one piece, later.
    at_once = faults.fault("chunked", flaw="no-last-chunk")
    in_one_chunk = faults.fault("chunked", octets=4096, flaw="no-last-chunk")
    head_first = faults.all_of(in_one_chunk, faults.fault("delay", seconds=0.002, where="before-body"))
    for fault in (at_once, head_first) * (_ROUNDS // 2):
        tenant.clear_faults()
        tenant.arm(fault)
        client.configure()
        answer = client.try_get_token()
        require(isinstance(answer, ErrorInfo), expected="an error: the answer is incomplete", seen=described(answer))
        documented(answer)
