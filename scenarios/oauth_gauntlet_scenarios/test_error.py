"""Errors of the token endpoint: what the server says reaches the application, and no failure becomes a token."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import (
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SHOULD,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.strategies import error_responses
from oauth_gauntlet_server import Tenant, faults

_HTML = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


def _error(answer: Token | ErrorInfo) -> ErrorInfo:
    require(
        isinstance(answer, ErrorInfo),
        expected="an error for the application",
        seen=described(answer),
        mark=Mark(text="HTTP/1.1", part="response"),
    )
    assert isinstance(answer, ErrorInfo)
    return answer


def _says(error: ErrorInfo, text: str) -> bool:
    return error.oauth_error == text or text in error.message or text in error.type


def _tells_status(error: ErrorInfo, status: int) -> bool:
    return error.http_status == status or str(status) in error.message


# RFC 6749 §5.2: "error REQUIRED. A single ASCII error code from the following": a duty of the server. That the application
# learns the code is what the code is for, though no RFC says so of clients.
@requirement(
    "error.codes",
    level=INTEROP,
    source="RFC 6749 5.2",
    statement="Each of the six error codes reaches the application, as a code or in the message.",
    variants={
        "invalid-request": "invalid_request",
        "invalid-client": "invalid_client",
        "invalid-grant": "invalid_grant",
        "unauthorized-client": "unauthorized_client",
        "unsupported-grant-type": "unsupported_grant_type",
        "invalid-scope": "invalid_scope",
    },
)
def test_codes(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint answers 400 with the code. Check: an error from which the application learns the code."""
    tenant.arm(faults.oauth_error(variant.value))
    error = _error(client.try_get_token())
    require(
        _says(error, variant.value),
        expected=f"the code {variant.value} in the client's error",
        seen=described(error),
        mark=Mark(text=variant.value, part="response"),
    )


# RFC 6749 §8.5 lets extensions define additional error codes.
@requirement(
    "error.unknown-code",
    level=INTEROP,
    source="RFC 6749 8.5",
    statement="An error code that the client does not know is handed on.",
)
def test_unknown_code(client: LabClient, tenant: Tenant) -> None:
    """Do: 400 with the code gauntlet_unheard_of. Check: an error that names it."""
    tenant.arm(faults.oauth_error("gauntlet_unheard_of"))
    error = _error(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and _says(error, "gauntlet_unheard_of"),
        expected="the code gauntlet_unheard_of in an error that the client documents",
        seen=described(error),
        mark=Mark(text="gauntlet_unheard_of", part="response"),
    )


# RFC 6749 §5.2: error_description is "used to assist the client developer in understanding the error that occurred",
# error_uri likewise: no duty of a client, but of little use to a developer who does not get to see them.
@requirement(
    "error.description-uri",
    level=INTEROP,
    source="RFC 6749 5.2",
    statement="error_description is available to the application.",
)
def test_description_uri(client: LabClient, tenant: Tenant) -> None:
    """Do: 400 invalid_grant with a description and a URI. Check: the description is in the client's error."""
    description = "The gauntlet says why"
    tenant.arm(faults.oauth_error("invalid_grant", description=description, uri="https://server.example/why"))
    error = _error(client.try_get_token())
    require(
        error.oauth_error_description == description or description in error.message,
        expected=f"the description {description!r} in the client's error",
        seen=described(error),
        mark=Mark(text=description, part="response"),
    )


# RFC 6749 §5.2: invalid_client may come with 401 and WWW-Authenticate.
@requirement(
    "error.401-invalid-client",
    level=INTEROP,
    source="RFC 6749 5.2",
    statement="401 invalid_client with a WWW-Authenticate header is an OAuth error, not a crash.",
)
def test_401_invalid_client(client: LabClient, tenant: Tenant) -> None:
    """Do: every token request is answered with 401 invalid_client.

    Check: a documented error from which the code, or at least the status, can be learnt.
    """
    tenant.arm(faults.oauth_error("invalid_client", status=401))
    error = _error(client.try_get_token())
    told = _says(error, "invalid_client") or _tells_status(error, 401)
    require(
        error.kind is not ErrorKind.UNEXPECTED and told,
        expected="a documented error with the code invalid_client, or the status 401",
        seen=described(error),
        mark=Mark(text="invalid_client", part="response"),
    )


@requirement(
    "error.200-with-error",
    level=INTEROP,
    source="practice",
    statement="An error document with status 200, as some servers send it, is an error.",
)
def test_200_with_error(client: LabClient, tenant: Tenant) -> None:
    """Do: 200 with {"error": "invalid_grant"}. Check: the application gets an error, not a token."""
    tenant.arm(faults.oauth_error("invalid_grant", status=200))
    _error(client.try_get_token())


# RFC 6749 §5.1 sends tokens with 200; §5.2 sends 400 for errors. Published clients have been seen to ignore the status.
@requirement(
    "error.400-with-token",
    level=MUST,
    source="RFC 6749 5.1, 5.2",
    statement="A 4xx or 5xx answer is no success, though its body holds a token.",
    variants={"400": 400, "401": 401, "500": 500},
)
def test_400_with_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400, 401 and 500 with a complete token document. Check: the application gets an error."""
    document = json.dumps({"access_token": "token-of-a-failure", "token_type": "Bearer", "expires_in": 3600})
    tenant.arm(faults.http_status(variant.value, document, content_type="application/json"))
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo),
        expected=f"an error: the status is {variant.value}",
        seen=described(answer),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


@requirement(
    "error.html",
    level=INTEROP,
    source="practice",
    statement="An error page in HTML gives an error that tells the status, not one about JSON.",
    variants={"400": 400, "500": 500, "502": 502},
)
def test_html(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400, 500, 502 with an HTML page. Check: an error that the client documents, with the status in it."""
    tenant.arm(faults.http_status(variant.value, _HTML, content_type="text/html"))
    error = _error(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and _tells_status(error, variant.value),
        expected=f"an error that the client documents, and that tells the status {variant.value}",
        seen=described(error),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


@requirement(
    "error.empty-body",
    level=INTEROP,
    source="practice",
    statement="An error without a body gives an error that tells the status.",
    variants={"400": 400, "401": 401, "500": 500},
)
def test_empty_body(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400, 401 and 500 without a body. Check: an error that the client documents, with the status in it."""
    tenant.arm(faults.http_status(variant.value, ""))
    error = _error(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and _tells_status(error, variant.value),
        expected=f"an error that the client documents, and that tells the status {variant.value}",
        seen=described(error),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


@requirement(
    "error.non-string",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="An error member that is no string does not crash the client.",
    variants={"object": {"code": 1}, "number": 7, "null": None, "array": ["invalid_grant"]},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400 with an error member that is an object, a number, null or an array. Check: a documented error."""
    body = json.dumps({"error": variant.value})
    tenant.arm(faults.http_status(400, body, content_type="application/json"))
    error = _error(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(error),
        mark=Mark(text='"error"', part="response"),
    )


# RFC 6749 §5.2: invalid_grant says that the grant "is invalid, expired, revoked": asking again cannot help.
@requirement(
    "error.invalid-grant-final",
    level=SHOULD,
    source="RFC 6749 5.2",
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    statement="invalid_grant is not tried again.",
)
def test_invalid_grant_final(client: LabClient, tenant: Tenant) -> None:
    """Do: every token request is answered with 400 invalid_grant. Check: one request, then an error."""
    tenant.arm(faults.oauth_error("invalid_grant"))
    _error(client.try_get_token())
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


# RFC 6585 §4, RFC 9110 §10.2.3: Retry-After says "how long the user agent ought to wait before making a follow-up
# request"; no retry at all is fine.
@requirement(
    "error.retry-after",
    level=SHOULD,
    source="RFC 9110 10.2.3, RFC 6585 4",
    statement="429 and 503 with Retry-After are not followed by an immediate retry.",
    variants={"429": 429, "503": 503},
)
def test_retry_after(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 429 and 503 with Retry-After: 120. Check: one request, then an error."""
    tenant.arm(
        faults.http_status(variant.value, "Too many requests", content_type="text/plain", headers=(("Retry-After", "120"),))
    )
    _error(client.try_get_token())
    count = tenant.journal.count("token")
    require(
        count == 1,
        expected="one token request: the server asked for 120 s of patience",
        seen=f"{count} token requests",
        mark=Mark(text="Retry-After", part="response"),
    )


@requirement(
    "error.no-token-afterwards",
    level=MUST,
    source="practice; RFC 6749 5.2",
    statement="After a failure nothing of it is kept as a token, and the next try may succeed.",
)
def test_no_token_afterwards(client: LabClient, tenant: Tenant) -> None:
    """Do: a 400 whose body holds an error and a token; then a good answer.

    Check: the second call gives the good token, and never the one of the failure.
    """
    document = json.dumps({"error": "invalid_request", "access_token": "token-of-a-failure", "token_type": "Bearer"})
    tenant.arm(faults.http_status(400, document, content_type="application/json"), times=1)
    client.try_get_token()
    token = client.get_token()
    require(
        token.access_token != "token-of-a-failure",
        expected="a token of the second answer",
        seen="the token of the failed answer",
        mark=Mark(text="token-of-a-failure", part="response", exchange=0),
    )


@requirement(
    "error.property",
    level=INTEROP,
    source="RFC 6749 5.2",
    statement="Any valid error response gives an error that carries the server's code.",
)
@given(document=error_responses())
def test_property(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: generated error documents, with unknown members of any JSON type. Check: an error that names the code."""
    client.fresh()
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    error = _error(client.try_get_token())
    require(
        _says(error, document["error"]),
        expected=f"the code {document['error']} in the client's error",
        seen=described(error),
        mark=Mark(text=document["error"], part="response"),
    )


# The two differ in what an application does next: authorise anew, or wait.
@requirement(
    "error.5xx-is-not-oauth",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="A 5xx is told apart from a rejected grant.",
)
def test_5xx_is_not_oauth(client: LabClient, tenant: Tenant) -> None:
    """Do: 503 with an HTML page. Check: the client's error does not say that the server rejected the grant."""
    tenant.arm(faults.http_status(503, _HTML, content_type="text/html"))
    error = _error(client.try_get_token())
    rejected = {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied"}
    advise(
        error.oauth_error not in rejected,
        expected="an error that is not one of a rejected grant",
        seen=described(error),
        mark=Mark(text="HTTP/1.1 503", part="response"),
    )
