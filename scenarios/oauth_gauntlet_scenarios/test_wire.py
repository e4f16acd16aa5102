"""Transport trouble: a connection that breaks is an error for the application, and not a reason to hammer the server."""

from __future__ import annotations

import time
from contextlib import suppress

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, JWT_BEARER, MUST, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_server import Tenant, connection_fault, faults

# RFC 9110 §9.2.2: a client SHOULD NOT automatically retry a request with a non-idempotent method; one replay on a
# connection that broke before any byte of the answer is practice.
_ROUNDS = 10
"""How often an exchange is repeated whose outcome is up to chance in some clients: their verdict is not to be."""


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
    waits=True,
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


def _failed(answer: object) -> None:
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)


@requirement(
    "wire.refused",
    level=INTEROP,
    source="practice",
    statement="A refused connection gives an error that the client documents.",
)
def test_refused(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: nobody listens at the token URL. Check: a documented error."""
    port = ports.open(connection_fault("refuse"))
    _failed(client.obtain(token_url=port.url_of(tenant)))


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
    _failed(client.try_get_token())
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
    _failed(client.obtain(token_url=port.url_of(tenant)))


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


@requirement(
    "wire.silence",
    waits=True,
    level=INTEROP,
    source="practice",
    parameters=["timeout"],
    statement="Where no answer comes, the configured time limit ends the request.",
    variants=["after-request", "after-accept"],
)
def test_silence(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: a time limit of one second; the server stays silent. Check: a documented error within eight seconds."""
    url = tenant.token_url
    if variant.name == "after-request":
        tenant.arm(faults.fault("silence", seconds=9.0))
    else:
        url = ports.open(connection_fault("silent_accept", seconds=9.0)).url_of(tenant)
    began = time.monotonic()
    answer = client.obtain(token_url=url, timeout=1.0)
    lasted = time.monotonic() - began
    _failed(answer)
    require(lasted < 8, expected="an end after about one second", seen=f"it took {lasted:.1f} s")


# A limit for each read is practice; one for the whole exchange is what an application wants.
@requirement(
    "wire.drip",
    waits=True,
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN, JWT_BEARER],
    parameters=["timeout"],
    statement="An answer that drips does not hold the client much beyond its time limit.",
)
def test_drip(client: LabClient, tenant: Tenant) -> None:
    """Do: a time limit of one second; the answer comes in pieces, for four seconds. Check: an end before it is whole."""
    tenant.arm(faults.fault("drip", octets=10, interval_s=0.13))
    answer = client.obtain(timeout=1.0)
    require(
        isinstance(answer, ErrorInfo),
        expected="an end of the exchange after about one second",
        seen=f"the whole answer was waited for: {described(answer)}",
    )
    documented(answer)


@requirement(
    "wire.garbage",
    level=INTEROP,
    source="RFC 9112 2.1",
    statement="Octets that are no HTTP give an error that the client documents.",
    variants={"binary": {"base64": "AAEC/////gAA"}, "banner": "SSH-2.0-OpenSSH_9.2\r\n", "http-0.9": "<html>hello</html>\n"},
)
def test_garbage(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers with what is no HTTP. Check: a documented error."""
    tenant.arm(faults.fault("garbage", octets=variant.value))
    _failed(client.try_get_token())


# RFC 9112 §9.2: data without an outstanding request: the client "MUST NOT consider that data to be a valid response to a
# prior request; the client SHOULD close the connection, since message delimitation is now ambiguous". A client to which it
# is, and which therefore takes neither answer (aiohttp, when "close" was said), is right too.
@requirement(
    "wire.extra-response",
    level=INTEROP,
    source="RFC 9112 9.2",
    statement="A second response that nobody asked for is not taken for the answer to the next request.",
)
def test_extra_response(client: LabClient, tenant: Tenant) -> None:
    """Do: a second answer comes with the first, or later; configure anew, get a token. Check: it is not out of that one."""
    # With it, it is in the client's buffer; later, it waits in the socket. Which of the two must not be left to the network.
    # The request after it ends the connection: a client that is one answer late there would be so in other scenarios too.
    ended = faults.all_of(
        faults.fault("header", header="Connection", value="close"), faults.fault("truncate", octets=1_000_000)
    )
    # Some clients find the leftover by chance; on a busy machine the first answer may be read when the second is there already.
    for delay_s, pause_s in (*[(0.0, 0.0)] * _ROUNDS, (0.05, 0.3), (0.2, 0.6), (0.5, 1.0)):
        tenant.clear_faults()
        tenant.arm_sequence(faults.fault("unsolicited_response", delay_s=delay_s), ended)
        client.configure()
        # Whoever takes what is too much for a fault of the first answer may say so.
        documented(client.try_get_token())
        time.sleep(pause_s)
        client.configure()
        asked = tenant.journal.count("token")
        answer = client.try_get_token()
        # Whoever takes the leftover for its answer has it before the server has read the request.
        with suppress(TimeoutError):
            tenant.journal.wait_for(asked + 1, endpoint="token", timeout_s=2.0)
        require(
            not (isinstance(answer, Token) and answer.access_token == "unsolicited-token"),
            expected="the answer to the second request",
            seen="the token of the response that nobody asked for",
            mark=Mark(text="Connection", part="response", exchange=-2),
        )
        if tenant.journal.count("token") == asked:
            break  # it has its token from elsewhere, and so it would the next time
        if delay_s and isinstance(answer, Token):
            break  # it has the right one


@requirement(
    "wire.huge-headers",
    level=INTEROP,
    source="practice",
    statement="A flood of header fields ends with a token or an error that the client documents.",
    variants={"one-large": (1, 200_000), "many": (2_000, 20)},
)
def test_huge_headers(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the answer has a field of 200 kB, or 2,000 fields. Check: a token or a documented error."""
    fields, octets = variant.value
    tenant.arm(faults.fault("huge_headers", fields=fields, octets=octets))
    documented(client.try_get_token())
