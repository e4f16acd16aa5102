"""Connections that are refused, closed or reset, and responses that are incomplete."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.wire.failure import ROUNDS, require_error
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault


# RFC 9110 §9.2.2: a client SHOULD NOT automatically retry a request with a non-idempotent method. One replay
# is practice if the connection broke before any octet of the response.
@requirement(
    "wire.closed",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="A connection closed without a response gives a transport error, after at most one replay.",
)
def test_closed(client: LabClient, tenant: Tenant) -> None:
    """Do: the server reads each token request and closes the connection.

    Check: a documented error, at most one replay.
    """
    tenant.arm(faults.close_without_answer())
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
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
    """Do: no server listens at the token URL. Check: a documented error."""
    port = ports.open(connection_fault("refuse"))
    require_error(client.obtain(token_url=port.url_of(tenant)))


# RFC 9110 §9.2.2: a client must not automatically retry a request that is not idempotent, unless it knows
# that the first was never applied. One replay is practice if no octet of a response came.
@requirement(
    "wire.reset",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="A reset connection gives an error that the client documents, after at most one replay.",
    variants={
        "without-answer": {"fault": "reset_without_answer"},
        "in-head": {"fault": "truncate", "octets": 15, "whole": True, "reset": True},
        "in-body": {"fault": "truncate", "octets": 20, "reset": True},
    },
)
def test_reset(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server resets the connection before the response, in its head or in its body.

    Check: a documented error, at most one replay.
    """
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
    """Do: the server resets or closes each connection before it reads a request.

    Check: a documented error.
    """
    port = ports.open(connection_fault(variant.name))
    require_error(client.obtain(token_url=port.url_of(tenant)))


# RFC 9112 §8: a response with fewer octets than Content-Length, or without the last chunk, is incomplete; "A
# client that receives an incomplete response message ... MUST record the message as incomplete."
@requirement(
    "wire.truncated",
    level=MUST,
    source="RFC 9112 8",
    statement="A truncated response gives no token.",
    variants={
        "length": {"fault": "truncate", "octets": 40},
        "chunk": {"fault": "all_of", "faults": [{"fault": "chunked", "octets": 200}, {"fault": "truncate", "octets": 45}]},
    },
)
def test_truncated(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the connection ends in the body. Check: no token, and a documented error."""
    tenant.arm(faults.fault_from_json(variant.value))
    answer = client.try_get_token()
    require(isinstance(answer, ErrorInfo), expected="an error: the response is incomplete", seen=described(answer))
    advise(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
    )


# RFC 9112 §8 applies here too. But the document is complete, so a client that accepts it gets the right
# token.
@requirement(
    "wire.last-chunk-missing",
    level=INTEROP,
    source="RFC 9112 8",
    statement="A response without its last chunk is incomplete, though its document is complete.",
)
def test_last_chunk_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes the connection before the last chunk, ten times. Check: an error each time."""
    # Some clients notice the end of the connection only by chance; for others it matters whether the body
    # comes later, alone.
    at_once = faults.fault("chunked", flaw="no-last-chunk")
    in_one_chunk = faults.fault("chunked", octets=4096, flaw="no-last-chunk")
    head_first = faults.all_of(in_one_chunk, faults.fault("delay", seconds=0.002, where="before-body"))
    for fault in (at_once, head_first) * (ROUNDS // 2):
        tenant.clear_faults()
        tenant.arm(fault)
        client.configure()
        answer = client.try_get_token()
        require(isinstance(answer, ErrorInfo), expected="an error: the response is incomplete", seen=described(answer))
        documented(answer)
