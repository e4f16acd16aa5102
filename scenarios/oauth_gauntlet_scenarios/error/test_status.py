"""Status codes: 4xx and 5xx are errors, and the application learns the status."""

from __future__ import annotations

import json

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.error.application_error import documented_error, error_of, names_status, require_code
from oauth_gauntlet_server import Tenant, faults

_HTML = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@requirement(
    "error.200-with-error",
    level=INTEROP,
    source="practice",
    statement="An error document with status 200, as some servers send it, is an error.",
)
def test_200_with_error(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 200 with {"error": "invalid_grant"}.

    Check: the application gets an error, not a token.
    """
    tenant.arm(faults.oauth_error("invalid_grant", status=200))
    error_of(client.try_get_token())


# RFC 6749 §5.1 sends tokens with 200; §5.2 sends 400 for errors. Some published clients ignore the status.
@requirement(
    "error.400-with-token",
    level=MUST,
    source="RFC 6749 5.1, 5.2",
    statement="A 4xx or 5xx response is not a success, even if its body contains a token.",
    variants={"400": 400, "401": 401, "500": 500},
)
def test_400_with_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 401 or 500 with a complete token document.

    Check: the application gets an error.
    """
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
    statement="An HTML error page gives an error with the HTTP status, not an error about JSON.",
    variants={"400": 400, "500": 500, "502": 502},
)
def test_html(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 500 or 502 with an HTML page. Check: a documented error with the status."""
    tenant.arm(faults.http_status(variant.value, _HTML, content_type="text/html"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and names_status(error, variant.value),
        expected=f"an error that the client documents, with the status {variant.value}",
        seen=described(error),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


@requirement(
    "error.empty-body",
    level=INTEROP,
    source="practice",
    statement="An error response without a body gives an error with the HTTP status.",
    variants={"400": 400, "401": 401, "500": 500},
)
def test_empty_body(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 401 or 500 without a body. Check: a documented error with the status."""
    tenant.arm(faults.http_status(variant.value, ""))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and names_status(error, variant.value),
        expected=f"an error that the client documents, with the status {variant.value}",
        seen=described(error),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


# The application reacts differently: it authorises again, or it waits.
@requirement(
    "error.5xx-is-not-oauth",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="A 5xx response is not reported as a rejected grant.",
)
def test_5xx_is_not_oauth(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 503 with an HTML page.

    Check: the client's error code is not one of a rejected grant.
    """
    tenant.arm(faults.http_status(503, _HTML, content_type="text/html"))
    error = error_of(client.try_get_token())
    rejected = {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied"}
    advise(
        error.oauth_error not in rejected,
        expected="an error without the code of a rejected grant",
        seen=described(error),
        mark=Mark(text="HTTP/1.1 503", part="response"),
    )


_CODE = "invalid_grant"


# RFC 6749 §5.2: the status is 400 "unless specified otherwise"; real servers use other statuses too.
@requirement(
    "error.other-status",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="The client understands an OAuth error document with another error status too.",
    variants={"403": 403, "404": 404, "422": 422, "429": 429},
)
def test_other_status(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers invalid_grant with another 4xx status.

    Check: a documented error with the code.
    """
    tenant.arm(faults.oauth_error(_CODE, status=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)
