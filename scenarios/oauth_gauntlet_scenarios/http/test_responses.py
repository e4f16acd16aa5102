"""Legal forms of an HTTP response: chunked, until close, interim responses, status lines, status codes."""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, MUST, RECIPIENT, USER_AGENT, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.wire.failure import advise_documented
from oauth_gauntlet_server import Tenant, faults


def _require_token_of_http_1_1(client: LabClient, *, after: str = "") -> None:
    """Require a token, or any answer if the client used HTTP/1.0 (RFC 9110 §15.2, RFC 9112 §6.1)."""
    answer = client.try_get_token()
    # A client that treats an interim response as the final one returns before the exchange has ended.
    with suppress(TimeoutError):
        client.tenant.journal.wait_for(1, endpoint="token", timeout_s=1)
    if client.token_request().http_version == "1.0":
        advise_documented(answer)
    else:
        usable(answer, after=after)


@requirement(
    "http.chunked",
    level=MUST,
    basis=quote("RFC 9112 7.1", "A recipient MUST be able to parse and decode the chunked transfer coding.", binds=RECIPIENT),
    statement="The client reads a chunked response.",
    variants=["plain", "trailer"],
    platform=True,
)
def test_chunked(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response comes in chunks of 7 octets, with or without a trailer field.

    Check: the application gets the token.
    """
    client.control()
    tenant.arm(faults.fault("chunked", octets=7, trailer=variant.name == "trailer"))
    _require_token_of_http_1_1(client)


@requirement(
    "http.until-close",
    level=MUST,
    basis=rule(
        "RFC 9112 6.3",
        "Otherwise, this is a response message without a declared message body length, so the message body length is "
        "determined by the number of octets received prior to the server closing the connection.",
        binds=RECIPIENT,
    ),
    statement="The client reads a response that ends when the connection closes.",
    platform=True,
)
def test_until_close(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no length; the server closes the connection after it.

    Check: the application gets the token.
    """
    client.control()
    tenant.arm(faults.fault("until_close"))
    client.get_token()


@requirement(
    "http.1xx",
    level=MUST,
    basis=quote(
        "RFC 9110 15.2",
        "A client MUST be able to parse one or more 1xx responses received prior to a final response, even if the client "
        "does not expect one.",
    ),
    statement="The client skips interim responses before the final one.",
    variants={"early-hints": (103, 1), "continue": (100, 1), "processing": (102, 1), "several": (103, 3)},
    platform=True,
)
def test_1xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends one or more interim responses first. Check: the application gets the token."""
    client.control()
    status, times = variant.value
    tenant.arm(faults.fault("interim", status=status, times=times))
    # Which status it was decides in some clients: they skip only those that they know.
    _require_token_of_http_1_1(
        client, after=f"an interim response {status}" if times == 1 else f"{times} interim responses {status}"
    )


@requirement(
    "http.status-line",
    level=MUST,
    basis=rule("RFC 9112 4", "status-line = HTTP-version SP status-code SP [ reason-phrase ]", binds=RECIPIENT),
    statement="The client reads a status line without a reason phrase.",
    platform=True,
)
def test_status_line(client: LabClient, tenant: Tenant) -> None:
    """Do: the status line ends after the space that follows the code. Check: the application gets the token."""
    client.control()
    tenant.arm(faults.fault("status_line", line="HTTP/1.1 200 "))
    client.get_token()


# No sentence obliges a client of HTTP/1.1 to accept a response of HTTP/1.0.
@requirement(
    "http.old-version",
    level=INTEROP,
    basis=practice("Old appliances and simple proxies in front of a token endpoint answer with HTTP/1.0."),
    statement="The client reads a response of HTTP/1.0.",
    platform=True,
)
def test_old_version(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has version 1.0 and ends the connection. Check: the application gets the token."""
    client.control()
    closing = faults.fault("header", header="Connection", value="close")
    tenant.arm(faults.all_of(faults.fault("status_line", line="HTTP/1.0 200 OK"), closing))
    client.get_token()


@requirement(
    "http.header-case",
    level=MUST,
    basis=rule("RFC 9110 5.1", "Field names are case-insensitive", binds=RECIPIENT),
    statement="The client compares header names case-insensitively.",
)
def test_header_case(client: LabClient, tenant: Tenant) -> None:
    """Do: the server sends Content-Type as cONTENT-tYPE. Check: the application gets the token."""
    client.control()
    client.control()
    tenant.arm(faults.all_of(faults.content_type(None), faults.fault("raw_headers", octets="cONTENT-tYPE: application/json")))
    client.get_token()


@requirement(
    "http.folded-field",
    level=MUST,
    basis=quote(
        "RFC 9112 5.2",
        'A user agent that receives an obs-fold in a response message that is not within a "message/http" container MUST '
        "replace each received obs-fold with one or more SP octets prior to interpreting the field value.",
        binds=USER_AGENT,
    ),
    statement="The client reads a header field that continues on the next line as if there were a space.",
    variants={"other-field": "X-Folded: one\r\n two", "content-type": "Content-Type: application/json;\r\n charset=utf-8"},
    platform=True,
)
def test_folded_field(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a header field of the response is folded. Check: the application gets the token."""
    folded = faults.fault("raw_headers", octets=variant.value)
    if variant.name == "content-type":
        client.control(faults.content_type("application/json; charset=utf-8"))
        folded = faults.all_of(faults.content_type(None), folded)
    else:
        client.control(faults.fault("raw_headers", octets="X-Folded: one two"))
    tenant.arm(folded)
    client.get_token()


# RFC 6749 §5.1 names 200 only, so a client may refuse any other status.
@requirement(
    "http.other-2xx",
    level=INTEROP,
    basis=[
        practice("Hand-written servers answer 201, proxies that change an answer 203; 204 has no content, so no token."),
        quote(
            "RFC 9110 15",
            "However, a client MUST understand the class of any status code, as indicated by the first digit, and treat an "
            "unrecognized status code as being equivalent to the x00 status code of that class.",
        ),
    ],
    statement="The client accepts or clearly refuses a token with another 2xx status; 204 gives no token.",
    variants={"created": 201, "no-content": 204, "unregistered": 299},
)
def test_other_2xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response has another 2xx status. Check: a token or a documented error; with 204 no token."""
    client.control()
    tenant.arm(faults.fault("status", status=variant.value))
    answer = client.try_get_token()
    if variant.value == 204:
        require(isinstance(answer, ErrorInfo), expected="an error: there is no content", seen=described(answer))
    documented(answer)
