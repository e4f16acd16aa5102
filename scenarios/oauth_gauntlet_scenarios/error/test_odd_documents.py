"""Error responses that RFC 6749 5.2 does not allow: odd members, challenges and descriptions."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorKind
from oauth_gauntlet.requirement import INTEROP, Variant, requirement
from oauth_gauntlet_scenarios.error.application_error import documented_error, error_of, require_code
from oauth_gauntlet_scenarios.strategies import odd_error_responses
from oauth_gauntlet_server import Tenant, faults

_CODE = "invalid_grant"


@requirement(
    "error.non-string",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="An error member that is not a string does not crash the client.",
    variants={"object": {"code": 1}, "number": 7, "null": None, "array": ["invalid_grant"]},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400; error is an object, a number, null or an array.

    Check: a documented error.
    """
    body = json.dumps({"error": variant.value})
    tenant.arm(faults.http_status(400, body, content_type="application/json"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(error),
        mark=Mark(text='"error"', part="response"),
    )


# RFC 9110 §11.6.1: WWW-Authenticate may contain several challenges, in one field or several, with unknown
# schemes.
@requirement(
    "error.challenges",
    level=INTEROP,
    source="RFC 9110 11.6.1, RFC 6749 5.2",
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
    body = json.dumps({"error": _CODE})
    tenant.arm(faults.http_status(400, body, content_type="application/json", headers=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


# RFC 6749 §5.2 limits error_description to printable ASCII; real servers use the user's language.
@requirement(
    "error.description-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
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
    tenant.arm(faults.oauth_error(_CODE, description=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


@requirement(
    "error.property-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="Nearly valid error documents give a documented error and no token.",
)
@given(document=odd_error_responses())
def test_property_odd(client: LabClient, tenant: Tenant, document: Any) -> None:
    """Do: the server answers 400 with generated documents: members missing, of a wrong type, or with a token.

    Check: an error that the client documents.
    """
    client.fresh()
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    documented_error(client.try_get_token())
