"""Legal forms of an HTTP response: chunked, until close, interim responses, status lines, status codes."""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_server import Tenant, faults


def _require_token_of_http_1_1(client: LabClient) -> None:
    """Require a token, or any documented answer if the client used HTTP/1.0 (RFC 9110 §15.2, RFC 9112 §6.1)."""
    answer = client.try_get_token()
    # A client that treats an interim response as the final one returns before the exchange has ended.
    with suppress(TimeoutError):
        client.tenant.journal.wait_for(1, endpoint="token", timeout_s=1)
    if client.token_request().http_version == "1.0":
        documented(answer)
    else:
        usable(answer)


# RFC 9112 §7.1: "A recipient MUST be able to parse and decode the chunked transfer coding."
@requirement(
    "http.chunked",
    level=MUST,
    source="RFC 9112 7.1",
    statement="The client reads a chunked response.",
    variants=["plain", "trailer"],
)
def test_chunked(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response comes in chunks of 7 octets, with or without a trailer field.

    Check: the application gets the token.
    """
    tenant.arm(faults.fault("chunked", octets=7, trailer=variant.name == "trailer"))
    _require_token_of_http_1_1(client)


# RFC 9112 §6.3: without Content-Length and chunked coding, the body ends when the connection closes.
@requirement(
    "http.until-close",
    level=MUST,
    source="RFC 9112 6.3",
    statement="The client reads a response that ends when the connection closes.",
)
def test_until_close(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no length; the server closes the connection after it.

    Check: the application gets the token.
    """
    tenant.arm(faults.fault("until_close"))
    client.get_token()


# RFC 9110 §15.2: "A client MUST be able to parse one or more 1xx responses received prior to a final
# response, even if the client does not expect one."
@requirement(
    "http.1xx",
    level=MUST,
    source="RFC 9110 15.2",
    statement="The client skips interim responses before the final one.",
    variants={"early-hints": (103, 1), "continue": (100, 1), "several": (102, 3)},
)
def test_1xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends one or more interim responses first. Check: the application gets the token."""
    status, times = variant.value
    tenant.arm(faults.fault("interim", status=status, times=times))
    _require_token_of_http_1_1(client)


# RFC 9112 §4: reason-phrase may be empty; §2.3: HTTP/1.0 responses are valid.
@requirement(
    "http.status-line",
    level=MUST,
    source="RFC 9112 4, 2.3",
    statement="The client reads a status line of HTTP/1.0, and one without a reason phrase.",
    variants={"http-1.0": "HTTP/1.0 200 OK", "no-reason": "HTTP/1.1 200 "},
)
def test_status_line(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response begins with an unusual but legal status line.

    Check: the application gets the token.
    """
    tenant.arm(
        faults.all_of(
            faults.fault("status_line", line=variant.value), faults.fault("header", header="Connection", value="close")
        )
    )
    client.get_token()


# RFC 9110 §5.1: "Field names are case-insensitive".
@requirement(
    "http.header-case", level=MUST, source="RFC 9110 5.1", statement="The client compares header names case-insensitively."
)
def test_header_case(client: LabClient, tenant: Tenant) -> None:
    """Do: the server sends Content-Type as cONTENT-tYPE. Check: the application gets the token."""
    tenant.arm(faults.all_of(faults.content_type(None), faults.fault("raw_headers", octets="cONTENT-tYPE: application/json")))
    client.get_token()


# RFC 6749 §5.1: a success has status 200; other 2xx are not failures of HTTP. 204 has no content, so no
# token.
@requirement(
    "http.other-2xx",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 15.3",
    statement="The client accepts or clearly refuses a token with status 201; 204 gives no token.",
    variants={"created": 201, "no-content": 204},
)
def test_other_2xx(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the response has another 2xx status. Check: a token or a documented error; with 204 no token."""
    tenant.arm(faults.fault("status", status=variant.value))
    answer = client.try_get_token()
    if variant.value == 204:
        require(isinstance(answer, ErrorInfo), expected="an error: there is no content", seen=described(answer))
    documented(answer)
