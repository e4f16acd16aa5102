"""Valid error responses: the application gets code and description."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorKind
from oauth_gauntlet.requirement import (
    INTEROP,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.error.application_error import error_of, names_code, names_status
from oauth_gauntlet_scenarios.strategies import error_responses
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.2: "error REQUIRED. A single ASCII error code from the following". This binds the server. No RFC
# requires that the client passes the code on, but that is the purpose of the code.
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
    """Do: the token endpoint answers 400 with the code.

    Check: the application gets an error with the code.
    """
    tenant.arm(faults.oauth_error(variant.value))
    error = error_of(client.try_get_token())
    require(
        names_code(error, variant.value),
        expected=f"the code {variant.value} in the client's error",
        seen=described(error),
        mark=Mark(text=variant.value, part="response"),
    )


# RFC 6749 §8.5 lets extensions define additional error codes.
@requirement(
    "error.unknown-code",
    level=INTEROP,
    source="RFC 6749 8.5",
    statement="The client passes an unknown error code on to the application.",
)
def test_unknown_code(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 with the code gauntlet_unheard_of.

    Check: a documented error that names it.
    """
    tenant.arm(faults.oauth_error("gauntlet_unheard_of"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED and names_code(error, "gauntlet_unheard_of"),
        expected="the code gauntlet_unheard_of in an error that the client documents",
        seen=described(error),
        mark=Mark(text="gauntlet_unheard_of", part="response"),
    )


# RFC 6749 §5.2: error_description is "used to assist the client developer in understanding the error that
# occurred", error_uri the same. A client need not pass them on, but they help only a developer who sees them.
@requirement(
    "error.description-uri",
    level=INTEROP,
    source="RFC 6749 5.2",
    statement="error_description is available to the application.",
)
def test_description_uri(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 invalid_grant with description and URI.

    Check: the client's error contains the description.
    """
    description = "The gauntlet explains the error"
    tenant.arm(faults.oauth_error("invalid_grant", description=description, uri="https://server.example/why"))
    error = error_of(client.try_get_token())
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
    """Do: the server answers every token request with 401 invalid_client.

    Check: a documented error with the code, or at least the status.
    """
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
    source="RFC 6749 5.2",
    statement="Any valid error response gives an error with the server's code.",
)
@given(document=error_responses())
def test_property(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: the server sends generated error documents, with unknown members of any JSON type.

    Check: an error with the code.
    """
    client.fresh()
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    error = error_of(client.try_get_token())
    require(
        names_code(error, document["error"]),
        expected=f"the code {document['error']} in the client's error",
        seen=described(error),
        mark=Mark(text=document["error"], part="response"),
    )
