"""The HTTP message: method, content type, Accept, framing; and one request for each token."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, REFRESH, SERVER, SHOULD, practice, quote, requirement, rule
from oauth_gauntlet_server import Tenant


@requirement(
    "request.method-post",
    level=MUST,
    basis=quote("RFC 6749 3.2", 'The client MUST use the HTTP "POST" method when making access token requests.'),
    refused_as=["The method must be POST"],
    renewals=[EXPIRY, REFRESH],
    statement="Token requests use the POST method.",
)
def test_method_post(client: LabClient) -> None:
    """Do: get a token. Check: every request at the token endpoint is a POST."""
    client.try_get_token()
    client.token_request()
    for request in client.token_requests():
        require(
            request.method == "POST",
            expected="a POST request at the token endpoint",
            seen=f"a {request.method} request",
            mark=Mark(text=request.method),
        )


# Type and subtype are case-insensitive (RFC 9110 8.3.1), and a charset parameter does no harm.
@requirement(
    "request.content-type",
    level=MUST,
    basis=[
        rule(
            "RFC 6749 4.4.2",
            "The client makes a request to the token endpoint by adding the following parameters using the "
            '"application/x-www-form-urlencoded" format per Appendix B with a character encoding of UTF-8 in the HTTP request '
            "entity-body:",
        ),
        rule(
            "RFC 6749 6",
            "the client makes a refresh request to the token endpoint by adding the following parameters using the "
            '"application/x-www-form-urlencoded" format per Appendix B with a character encoding of UTF-8 in the HTTP request '
            "entity-body:",
        ),
    ],
    refused_as=["The content type must be *"],
    renewals=[EXPIRY, REFRESH],
    statement="The body is application/x-www-form-urlencoded, and Content-Type states it.",
)
def test_content_type(client: LabClient) -> None:
    """Do: get a token. Check: the media type; the body decodes as a form with a grant_type."""
    client.try_get_token()
    request = client.token_request()
    require(
        request.media_type == "application/x-www-form-urlencoded",
        expected="Content-Type: application/x-www-form-urlencoded",
        seen=f"Content-Type: {' and '.join(request.header_values('content-type')) or None}",
        mark=Mark(text=request.header("content-type") or "Host"),
    )
    require(
        any(witness.values(request, "grant_type")),
        expected="form parameters in the body, grant_type among them",
        seen="no grant_type in the body",
        mark=Mark(text=request.body.decode("latin-1")[:80] or "Content-Length"),
    )


# No RFC requires an Accept header field; one that excludes JSON asks for a format that RFC 6749 does not define.
@requirement(
    "request.accept-json",
    level=INTEROP,
    basis=[
        practice("Some servers answer in the format that Accept names, for example with a form, or refuse with 406."),
        rule(
            "RFC 6749 5.1",
            'The parameters are included in the entity-body of the HTTP response using the "application/json" media type as '
            "defined by [RFC4627].",
            binds=SERVER,
        ),
    ],
    renewals=[EXPIRY, REFRESH],
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


@requirement(
    "request.one-per-token",
    level=SHOULD,
    basis=[
        quote(
            "RFC 9110 9.2.2",
            "A client SHOULD NOT automatically retry a request with a non-idempotent method unless it has some means to know "
            "that the request semantics are actually idempotent, regardless of the method, or some means to detect that the "
            "original request was never applied.",
        ),
        practice("Clients that try one authentication method after the other double the requests for every token."),
    ],
    renewals=[EXPIRY, REFRESH],
    statement="The client gets one token with one token request.",
)
def test_one_per_token(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token once. Check: the token endpoint received one request."""
    client.try_get_token()
    client.grants()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


@requirement(
    "request.framing",
    level=SHOULD,
    basis=quote(
        "RFC 9112 6.3",
        "a client that sends a request containing a message body SHOULD use a valid Content-Length header field if the message "
        "body length is known in advance, rather than the chunked transfer coding, since some existing services respond to "
        "chunked with a 411 (Length Required) status code even though they understand the chunked transfer coding.",
    ),
    renewals=[EXPIRY, REFRESH],
    statement="The token request has a Content-Length.",
)
def test_framing(client: LabClient) -> None:
    """Do: get a token. Check: the request uses Content-Length, not the chunked transfer coding."""
    client.try_get_token()
    request = client.token_request()
    require(
        request.header("transfer-encoding") is None,
        expected="a request with Content-Length",
        seen=f"Transfer-Encoding: {request.header('transfer-encoding')}",
        mark=Mark(text="ransfer-"),
    )
