"""Status codes: 4xx and 5xx are errors, and the application learns the status."""

from __future__ import annotations

import json

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SERVER,
    UNSAFE,
    Variant,
    damage,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.error.application_error import documented_error, error_of, names_status, require_code
from oauth_gauntlet_scenarios.parse.answers import COMPLETE
from oauth_gauntlet_server import Tenant, faults

_CODE = "invalid_grant"
_REJECTION_TAKEN = damage("The application takes a rejected request for a success, and goes on without a token.")

_HTML = "<html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


@requirement(
    "error.200-with-error",
    level=UNSAFE,
    basis=[_REJECTION_TAKEN, practice("GitHub and Slack answer a rejected request with status 200 and an error document.")],
    covered_by=["parse.access-token-missing"],
    statement="An error document with status 200, as some servers send it, is an error.",
)
def test_200_with_error(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 200 with {"error": "invalid_grant"}.

    Check: the application gets an error, not a token.
    """
    client.control()
    tenant.arm(faults.oauth_error(_CODE, status=200))
    error_of(client.try_get_token())


@requirement(
    "error.200-with-error-at-refresh",
    level=UNSAFE,
    basis=[_REJECTION_TAKEN, practice("GitHub and Slack answer a rejected request with status 200 and an error document.")],
    grants=[PASSWORD, REFRESH_TOKEN],
    capabilities=["refresh"],
    covered_by=["error.200-with-error", "parse.access-token-missing-at-refresh"],
    statement="An error document with status 200 is an error when the client refreshes, too.",
)
def test_200_with_error_at_refresh(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, then refresh; the server answers the refresh with 200 and {"error": "invalid_grant"}.

    Check: the application gets an error, not a token.
    """
    client.control()
    client.try_get_token()
    tenant.arm(faults.oauth_error(_CODE, status=200))
    error_of(client.try_refresh())


# 471 and 599 are registered nowhere.
@requirement(
    "error.400-with-token",
    level=MUST,
    basis=[
        quote(
            "RFC 9110 15",
            "a client MUST understand the class of any status code, as indicated by the first digit, and treat an unrecognized"
            " status code as being equivalent to the x00 status code of that class.",
        ),
        quote("RFC 9110 15", "4xx (Client Error): The request contains bad syntax or cannot be fulfilled", binds=SERVER),
        quote("RFC 9110 15", "5xx (Server Error): The server failed to fulfill an apparently valid request", binds=SERVER),
    ],
    statement="A 4xx or 5xx response is not a success, even if its body contains a token.",
    variants={"400": 400, "401": 401, "471": 471, "500": 500, "599": 599},
)
def test_400_with_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 401, 500, or an unregistered status, with a complete token document.

    Check: the application gets an error.
    """
    client.control()
    tenant.arm(faults.http_status(variant.value, json.dumps(COMPLETE), content_type="application/json"))
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
    basis=practice("Proxies answer with HTML pages; only the status tells the application what happened."),
    statement="An HTML error page gives an error with the HTTP status, not an error about JSON.",
    variants={"400": 400, "500": 500, "502": 502},
)
def test_html(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 500 or 502 with an HTML page. Check: a documented error with the status."""
    client.control()
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
    basis=practice("Proxies and overloaded servers answer without a body; only the status tells what happened."),
    statement="An error response without a body gives an error with the HTTP status.",
    variants={"400": 400, "401": 401, "500": 500},
)
def test_empty_body(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400, 401 or 500 without a body. Check: a documented error with the status."""
    client.control()
    tenant.arm(faults.http_status(variant.value, ""))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and names_status(error, variant.value),
        expected=f"an error that the client documents, with the status {variant.value}",
        seen=described(error),
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


@requirement(
    "error.5xx-is-not-oauth",
    level=INTEROP,
    basis=practice("After a rejected grant an application signs in again; after a failure of the server it waits."),
    statement="A 5xx response is not reported as a rejected grant.",
)
def test_5xx_is_not_oauth(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 503 with an HTML page.

    Check: the client's error code is not one of a rejected grant.
    """
    client.control()
    tenant.arm(faults.http_status(503, _HTML, content_type="text/html"))
    error = error_of(client.try_get_token())
    rejected = {"invalid_grant", "invalid_client", "unauthorized_client", "access_denied"}
    require(
        error.oauth_error not in rejected,
        expected="an error without the code of a rejected grant",
        seen=described(error),
        mark=Mark(text="HTTP/1.1 503", part="response"),
    )


@requirement(
    "error.other-status",
    level=INTEROP,
    basis=[
        practice("Servers send the error document with 403, 404, 422 or 429, and gateways with statuses of their own."),
        quote(
            "RFC 6749 5.2",
            "The authorization server responds with an HTTP 400 (Bad Request) status code (unless specified otherwise)",
            binds=SERVER,
        ),
    ],
    statement="The client understands an OAuth error document with another error status too.",
    variants={"403": 403, "404": 404, "422": 422, "429": 429, "471": 471},
)
def test_other_status(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers invalid_grant with another 4xx status.

    Check: a documented error with the code.
    """
    client.control()
    tenant.arm(faults.oauth_error(_CODE, status=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)
