"""Error responses that RFC 6749 5.2 does not allow: odd members, challenges and descriptions."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorKind
from oauth_gauntlet.requirement import INTEROP, SERVER, USER_AGENT, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.error.application_error import documented_error, error_of, require_code
from oauth_gauntlet_scenarios.generated import begin_example
from oauth_gauntlet_scenarios.strategies import odd_error_responses
from oauth_gauntlet_server import Tenant, faults

_CODE = "invalid_grant"


@requirement(
    "error.non-string",
    level=INTEROP,
    basis=[
        practice("Facebook and other servers send an object with a code and a message in error."),
        quote("RFC 6749 5.2", "REQUIRED. A single ASCII [USASCII] error code from the following:", binds=SERVER),
    ],
    statement="An error member that is not a string does not crash the client.",
    variants={"object": {"code": 1}, "number": 7, "null": None, "array": ["invalid_grant"]},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400; error is an object, a number, null or an array.

    Check: a documented error.
    """
    client.control()
    body = json.dumps({"error": variant.value})
    tenant.arm(faults.http_status(400, body, content_type="application/json"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(error),
        mark=Mark(text='"error"', part="response"),
    )


@requirement(
    "error.members-odd",
    level=INTEROP,
    basis=practice("Servers that write every member of a data type send null, and some send a list of descriptions."),
    statement="An error_description or error_uri that is not a string does not hide the code.",
    variants={
        "description-null": {"error_description": None},
        "description-number": {"error_description": 7},
        "description-object": {"error_description": {"en": "expired"}},
        "description-array": {"error_description": ["expired"]},
        "uri-null": {"error_uri": None},
        "uri-object": {"error_uri": {"href": "https://server.example/why"}},
    },
)
def test_members_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends invalid_grant; error_description or error_uri is null, a number, an object or an array.

    Check: a documented error with the code.
    """
    client.control()
    body = json.dumps({"error": _CODE, **variant.value})
    tenant.arm(faults.http_status(400, body, content_type="application/json"))
    require_code(documented_error(client.try_get_token()), _CODE)


@requirement(
    "error.challenges",
    level=INTEROP,
    basis=[
        practice("Gateways add challenges of their own to the error of a token endpoint."),
        quote(
            "RFC 9110 11.6.1",
            "User agents are advised to take special care in parsing the field value, as it might contain more than one"
            " challenge",
            binds=USER_AGENT,
        ),
    ],
    statement="Unusual challenges in the response do not hide the OAuth error.",
    variants={
        "two-fields": (("WWW-Authenticate", 'Basic realm="a"'), ("WWW-Authenticate", 'Bearer realm="b"')),
        "one-field": (("WWW-Authenticate", 'Negotiate, Basic realm="a, b", DPoP algs="ES256 PS256"'),),
        "broken": (("WWW-Authenticate", 'Basic realm="never closed'),),
        "empty": (("WWW-Authenticate", ""),),
    },
)
def test_challenges(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends invalid_grant with unusual WWW-Authenticate fields.

    Check: a documented error with the code.
    """
    client.control()
    body = json.dumps({"error": _CODE})
    tenant.arm(faults.http_status(400, body, content_type="application/json", headers=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


@requirement(
    "error.description-odd",
    level=INTEROP,
    basis=[
        practice("Servers describe the error in the user's language, and with line breaks."),
        quote(
            "RFC 6749 5.2",
            'Values for the "error_description" parameter MUST NOT include characters outside the set'
            " %x20-21 / %x23-5B / %x5D-7E.",
            binds=SERVER,
        ),
    ],
    statement="An error_description with unusual text or length does not hide the code.",
    variants={
        "non-ascii": "Ungültiges Aktualisierungstoken: 無効 😀",
        "line-breaks": "first line\r\nsecond line",
        "quotes": '"quoted" \\ and <b>marked up</b>',
        "percent": "100% {of} %s %(it)s {0}",
        "long": "x" * 65_536,
    },
)
def test_description_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends invalid_grant with an illegal or very long description.

    Check: a documented error with the code.
    """
    client.control()
    tenant.arm(faults.oauth_error(_CODE, description=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


@requirement(
    "error.property-odd",
    level=INTEROP,
    basis=practice("An application can only handle an error that it knows; servers send error documents of many forms."),
    covered_by=["error.non-string", "error.members-odd", "error.400-with-token"],
    statement="Nearly valid error documents give a documented error and no token.",
)
@given(document=odd_error_responses())
def test_property_odd(client: LabClient, tenant: Tenant, document: Any) -> None:
    """Do: the server answers 400 with generated documents: members missing, of a wrong type, or with a token.

    Check: an error that the client documents.
    """
    client.control_once()
    begin_example(client, document)
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    documented_error(client.try_get_token())
