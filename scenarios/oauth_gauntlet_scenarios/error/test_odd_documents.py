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
    statement="An error member that is no string does not crash the client.",
    variants={"object": {"code": 1}, "number": 7, "null": None, "array": ["invalid_grant"]},
)
def test_non_string(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400 with an error member that is an object, a number, null or an array. Check: a documented error."""
    body = json.dumps({"error": variant.value})
    tenant.arm(faults.http_status(400, body, content_type="application/json"))
    error = error_of(client.try_get_token())
    require(
        error.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(error),
        mark=Mark(text='"error"', part="response"),
    )


# RFC 9110 §11.6.1: WWW-Authenticate may hold several challenges, in one field or in several, of schemes unheard of.
@requirement(
    "error.challenges",
    level=INTEROP,
    source="RFC 9110 11.6.1, RFC 6749 5.2",
    statement="Unusual challenges beside an OAuth error do not hide it.",
    variants={
        "two-fields": (("WWW-Authenticate", 'Basic realm="a"'), ("WWW-Authenticate", 'Bearer realm="b"')),
        "one-field": (("WWW-Authenticate", 'Negotiate, Basic realm="a, b", DPoP algs="ES256 PS256"'),),
        "broken": (("WWW-Authenticate", 'Basic realm="never closed'),),
        "empty": (("WWW-Authenticate", ""),),
    },
)
def test_challenges(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 400 invalid_grant with unusual WWW-Authenticate fields. Check: a documented error that names the code."""
    body = json.dumps({"error": _CODE})
    tenant.arm(faults.http_status(400, body, content_type="application/json", headers=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


# RFC 6749 §5.2 keeps error_description to printable ASCII; servers write it in the user's language.
@requirement(
    "error.description-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="A description of unusual text or length does not hide the code.",
    variants={
        "non-ascii": "Ungültiges Aktualisierungstoken: 無効 😀",
        "line-breaks": "first line\r\nsecond line",
        "quotes": '"quoted" \\ and <b>marked up</b>',
        "percent": "100% {of} %s %(it)s {0}",
        "long": "x" * 65_536,
    },
)
def test_description_odd(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: invalid_grant with a description that the grammar does not allow, or that is very long. Check: the code."""
    tenant.arm(faults.oauth_error(_CODE, description=variant.value))
    require_code(documented_error(client.try_get_token()), _CODE)


@requirement(
    "error.property-odd",
    level=INTEROP,
    source="practice; RFC 6749 5.2",
    statement="Error documents that are nearly right give a documented error and no token.",
)
@given(document=odd_error_responses())
def test_property_odd(client: LabClient, tenant: Tenant, document: Any) -> None:
    """Do: generated error documents with members of the wrong type, missing, or beside a token, under 400.

    Check: an error that the client documents.
    """
    client.fresh()
    tenant.arm(faults.http_status(400, json.dumps(document), content_type="application/json"))
    documented_error(client.try_get_token())
