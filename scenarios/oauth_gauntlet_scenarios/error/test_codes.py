"""Valid error responses: the application gets code and description."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorKind
from oauth_gauntlet.requirement import INTEROP, SERVER, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.error.application_error import error_of, names_code, names_status
from oauth_gauntlet_scenarios.generated import begin_example
from oauth_gauntlet_scenarios.strategies import error_responses
from oauth_gauntlet_server import Tenant, faults

_CODE = quote("RFC 6749 5.2", "REQUIRED. A single ASCII [USASCII] error code from the following:", binds=SERVER)


@requirement(
    "error.codes",
    level=INTEROP,
    basis=[practice("By the code an application decides whether to try again, to sign in again, or to stop."), _CODE],
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
    """Do: the token endpoint answers 400 with the code.

    Check: the application gets an error with the code.
    """
    client.control()
    tenant.arm(faults.oauth_error(variant.value))
    error = error_of(client.try_get_token())
    require(
        names_code(error, variant.value),
        expected=f"the code {variant.value} in the client's error",
        seen=described(error),
        mark=Mark(text=variant.value, part="response"),
    )


@requirement(
    "error.unknown-code",
    level=INTEROP,
    basis=[
        practice("Servers send codes of extensions and of their own, such as interaction_required."),
        quote(
            "RFC 6749 8.5",
            "In cases where protocol extensions (i.e., access token types, extension parameters, or extension grant types)"
            " require additional error codes to be used",
            binds=SERVER,
        ),
    ],
    statement="The client passes an unknown error code on to the application.",
)
def test_unknown_code(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 with the code gauntlet_unheard_of.

    Check: a documented error that names it.
    """
    client.control()
    tenant.arm(faults.oauth_error("gauntlet_unheard_of"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and names_code(error, "gauntlet_unheard_of"),
        expected="the code gauntlet_unheard_of in an error that the client documents",
        seen=described(error),
        mark=Mark(text="gauntlet_unheard_of", part="response"),
    )


@requirement(
    "error.description-uri",
    level=INTEROP,
    basis=[
        practice("A description helps only a developer who sees it."),
        quote("RFC 6749 5.2", "used to assist the client developer in understanding the error that occurred.", binds=SERVER),
    ],
    statement="error_description is available to the application.",
)
def test_description_uri(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 invalid_grant with description and URI.

    Check: the client's error contains the description.
    """
    description = "The gauntlet explains the error"
    client.control()
    tenant.arm(faults.oauth_error("invalid_grant", description=description, uri="https://server.example/why"))
    error = error_of(client.try_get_token())
    require(
        error.oauth_error_description == description or description in error.message,
        expected=f"the description {description!r} in the client's error",
        seen=described(error),
        mark=Mark(text=description, part="response"),
    )


@requirement(
    "error.401-invalid-client",
    level=INTEROP,
    basis=[
        practice("HTTP libraries handle 401 before the client sees the body: they raise an error or ask for a password."),
        quote(
            "RFC 6749 5.2",
            "The authorization server MAY return an HTTP 401 (Unauthorized) status code to indicate which HTTP authentication"
            " schemes are supported.",
            binds=SERVER,
        ),
    ],
    statement="401 invalid_client with a WWW-Authenticate header is an OAuth error, not a crash.",
)
def test_401_invalid_client(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers every token request with 401 invalid_client.

    Check: a documented error with the code, or at least the status.
    """
    client.control()
    tenant.arm(faults.oauth_error("invalid_client", status=401))
    error = error_of(client.try_get_token())
    named = names_code(error, "invalid_client") or names_status(error, 401)
    require(
        error.kind is not ErrorKind.UNEXPECTED and named,
        expected="a documented error with the code invalid_client, or the status 401",
        seen=described(error),
        mark=Mark(text="invalid_client", part="response"),
    )


@requirement(
    "error.property",
    level=INTEROP,
    basis=[practice("By the code an application decides whether to try again, to sign in again, or to stop."), _CODE],
    covered_by=["error.codes", "error.description-odd"],
    statement="Any valid error response gives an error with the server's code.",
)
@given(document=error_responses())
def test_property(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: the server sends generated error documents, with unknown members of any JSON type.

    Check: an error with the code.
    """
    client.control_once()
    begin_example(client, document)
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    error = error_of(client.try_get_token())
    require(
        names_code(error, document["error"]),
        expected=f"the code {document['error']} in the client's error",
        seen=described(error),
        mark=Mark(text=document["error"], part="response"),
    )
