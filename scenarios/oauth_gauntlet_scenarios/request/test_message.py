"""The HTTP message: method, content type, Accept, framing; and one request for each token."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    requirement,
)
from oauth_gauntlet_server import Tenant


# RFC 6749 §3.2: "The client MUST use the HTTP "POST" method when making access token requests."
@requirement("request.method-post", level=MUST, source="RFC 6749 3.2", statement="Token requests use the POST method.")
def test_method_post(client: LabClient) -> None:
    """Do: get a token. Check: every request at the token endpoint is a POST."""
    client.try_get_token()
    request = client.token_request()
    require(
        all(each.method == "POST" for each in client.token_requests()),
        expected="POST",
        seen=f"{request.method}",
        mark=Mark(text=request.method),
    )


# RFC 6749 §4.3.2, §4.4.2, §6 and RFC 7521 §4.1: parameters "using the application/x-www-form-urlencoded
# format". RFC 9110 §8.3.1: type and subtype are case-insensitive; a charset parameter is tolerated.
@requirement(
    "request.content-type",
    level=MUST,
    source="RFC 6749 4.3.2, 4.4.2, 6; RFC 7521 4.1",
    statement="The body is application/x-www-form-urlencoded, and Content-Type states it.",
)
def test_content_type(client: LabClient) -> None:
    """Do: get a token. Check: the media type; the body decodes as a form with a grant_type."""
    client.try_get_token()
    request = client.token_request()
    require(
        request.media_type == "application/x-www-form-urlencoded",
        expected="Content-Type: application/x-www-form-urlencoded",
        seen=f"Content-Type: {request.header('content-type')}",
        mark=Mark(text=request.header("content-type") or "Host"),
    )
    require(
        witness.value(request, "grant_type"),
        expected="form parameters in the body, grant_type among them",
        seen="no grant_type in the body",
        mark=Mark(text=request.body.decode("latin-1")[:80] or "Content-Length"),
    )


# RFC 6749 §5.1: the response is application/json. No RFC requires an Accept header; one that excludes JSON
# requests a format that the specification does not define.
@requirement(
    "request.accept-json",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 12.5.1",
    statement="An Accept header, if sent, allows application/json.",
)
def test_accept_json(client: LabClient) -> None:
    """Do: get a token. Check: Accept is absent, or names application/json or a wildcard that includes it."""
    client.try_get_token()
    accept = ", ".join(client.token_request().header_values("accept"))
    ranges = [part.split(";")[0].strip().lower() for part in accept.split(",") if part.strip()]
    require(
        not ranges or {"application/json", "application/*", "*/*"} & set(ranges),
        expected="an Accept header that allows application/json, or none",
        seen=f"Accept: {accept}",
        mark=Mark(text=accept),
    )


# Some clients try one authentication method after the other, and so double the requests for every token.
@requirement(
    "request.one-per-token",
    level=INTEROP,
    source="practice; RFC 9110 9.2.2",
    statement="The client gets one token with one token request.",
)
def test_one_per_token(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token once. Check: the token endpoint received one request."""
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


# RFC 9112 §6.2: a user agent SHOULD send Content-Length when it is not sending Transfer-Encoding. Chunked is
# valid HTTP/1.1, but several large providers refuse chunked token requests: a warning, never a failure.
@requirement(
    "request.framing",
    level=INTEROP,
    source="RFC 9112 6.2",
    statement="The token request has a Content-Length.",
)
def test_framing(client: LabClient) -> None:
    """Do: get a token. Check: the request uses Content-Length, not the chunked transfer coding."""
    client.try_get_token()
    request = client.token_request()
    advise(
        request.header("transfer-encoding") is None,
        expected="a request with Content-Length",
        seen=f"Transfer-Encoding: {request.header('transfer-encoding')}",
        mark=Mark(text="ransfer-"),
    )
