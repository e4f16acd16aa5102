"""Connections that are refused, closed or reset, and responses that are incomplete."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import INTEROP, MUST, RECIPIENT, SHOULD, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.wire.failure import ROUNDS, require_error, require_no_token
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault

_INCOMPLETE = quote(
    "RFC 9112 8",
    "A client that receives an incomplete response message, which can occur when a connection is closed prematurely or when "
    "decoding a supposedly chunked transfer coding fails, MUST record the message as incomplete.",
)

_ONE_RETRY = quote("RFC 9110 9.2.2", "A client SHOULD NOT automatically retry a failed automatic retry.")
"""One retry is practice if the connection broke before any octet of the response, as the same section says."""


@requirement(
    "wire.closed",
    level=SHOULD,
    basis=_ONE_RETRY,
    statement="A connection closed without a response gives a transport error, after at most one replay.",
)
def test_closed(client: LabClient, tenant: Tenant) -> None:
    """Do: the server reads each token request and closes the connection.

    Check: a documented error, at most one replay.
    """
    client.control()
    tenant.arm(faults.close_without_answer())
    require_error(client.try_get_token())
    count = tenant.journal.count("token")
    require(count <= 2, expected="at most one replay", seen=f"{count} token requests")


@requirement(
    "wire.refused",
    level=INTEROP,
    basis=practice("Servers restart; an application has to tell this from a refusal by the authorization server."),
    statement="A refused connection gives an error that the client documents.",
)
def test_refused(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: no server listens at the token URL. Check: a documented error."""
    client.control()
    port = ports.open(connection_fault("refuse"))
    require_error(client.obtain(token_url=port.url_of(tenant)))


@requirement(
    "wire.reset",
    level=SHOULD,
    basis=_ONE_RETRY,
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
    client.control()
    tenant.arm(faults.fault_from_json(variant.value))
    require_error(client.try_get_token())
    count = tenant.journal.count("token")
    require(count <= 2, expected="at most one replay", seen=f"{count} token requests")


@requirement(
    "wire.reset-on-accept",
    level=INTEROP,
    basis=practice("Proxies and firewalls without a backend accept a connection and end it."),
    statement="A connection that is reset or closed before a request is read gives an error that the client documents.",
    variants=["reset_on_accept", "accept_and_close", "reset_before_read"],
)
def test_reset_on_accept(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server resets or closes each connection before it reads a request.

    Check: a documented error.
    """
    client.control()
    port = ports.open(connection_fault(variant.name))
    require_error(client.obtain(token_url=port.url_of(tenant)))


# What is recorded as incomplete is no result, even if the document in it is whole: nobody knows what was to follow.
@requirement(
    "wire.truncated",
    level=MUST,
    basis=[
        _INCOMPLETE,
        quote(
            "RFC 9112 6.3",
            "If the sender closes the connection or the recipient times out before the indicated number of octets are "
            "received, the recipient MUST consider the message to be incomplete and close the connection.",
            binds=RECIPIENT,
        ),
    ],
    statement="A truncated response gives no token.",
    platform=True,
    variants={
        "length": {"fault": "truncate", "octets": 40},
        "whole-document": {"fault": "content_length", "value": "{length}0"},
        "chunk": {"fault": "all_of", "faults": [{"fault": "chunked", "octets": 200}, {"fault": "truncate", "octets": 45}]},
    },
)
def test_truncated(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the connection ends in the body. Check: no token, and a documented error."""
    client.control(*([faults.fault("chunked", octets=200)] if variant.name == "chunk" else []))
    tenant.arm(faults.fault_from_json(variant.value))
    require_no_token(client.try_get_token(), because="the response is incomplete")


@requirement(
    "wire.last-chunk-missing",
    level=MUST,
    basis=[
        _INCOMPLETE,
        rule(
            "RFC 9112 8",
            "A message body that uses the chunked transfer coding is incomplete if the zero-sized chunk that terminates the "
            "encoding has not been received.",
            binds=RECIPIENT,
        ),
    ],
    platform=True,
    statement="A response without its last chunk is incomplete, though its document is complete.",
)
def test_last_chunk_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes the connection before the last chunk, ten times. Check: an error each time."""
    # Some clients notice the end of the connection only by chance; for others it matters whether the body
    # comes later, alone.
    client.control(faults.fault("chunked"))
    at_once = faults.fault("chunked", flaw="no-last-chunk")
    in_one_chunk = faults.fault("chunked", octets=4096, flaw="no-last-chunk")
    head_first = faults.all_of(in_one_chunk, faults.fault("delay", seconds=0.002, where="before-body"))
    for fault in (at_once, head_first) * (ROUNDS // 2):
        tenant.clear_faults()
        tenant.arm(fault)
        client.configure()
        require_no_token(client.try_get_token(), because="the response is incomplete")
