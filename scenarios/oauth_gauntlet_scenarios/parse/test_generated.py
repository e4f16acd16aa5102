"""Generated token responses: valid, nearly valid, without a token."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, MUST, requirement
from oauth_gauntlet_scenarios.parse.answers import require_no_token, response_mark
from oauth_gauntlet_scenarios.strategies import invalid_token_responses, near_valid_token_responses, valid_token_responses
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "parse.property-valid",
    level=MUST,
    source="RFC 6749 5.1",
    statement="Any valid success response gives its access token.",
)
@given(document=valid_token_responses())
def test_property_valid(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: the server sends generated success documents, with unknown members of any JSON type.

    Check: the access token.
    """
    client.fresh()
    tenant.arm(faults.token_response(document))
    token = client.get_token()
    require(
        token.access_token == document["access_token"],
        expected=f"the access token {document['access_token'][:60]!r}",
        seen=repr(token.access_token)[:80],
        mark=response_mark(document["access_token"]),
    )


@requirement(
    "parse.property-invalid",
    level=MUST,
    source="RFC 6749 5.1",
    statement="A 200 response without a usable access token never gives a token.",
)
@given(body=invalid_token_responses())
def test_property_invalid(client: LabClient, tenant: Tenant, body: bytes) -> None:
    """Do: generated 200 responses contain no access token, or are not JSON.

    Check: the application gets an error.
    """
    client.fresh()
    tenant.arm(faults.token_response(body))
    require_no_token(client.try_get_token(), response_mark(body.decode("latin-1")[:40]))


@requirement(
    "parse.property-near",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    statement="A valid token together with members of a wrong type is returned unchanged, or the response is refused clearly.",
)
@given(document=near_valid_token_responses())
def test_property_near(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: generated documents have a valid access_token and token_type, and other members of any type.

    Check: exactly this token, or an error that the client documents.
    """
    client.fresh()
    tenant.arm(faults.http_status(200, json.dumps(document), content_type="application/json"))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        require(
            answer.access_token == document["access_token"],
            expected=f"the access token {document['access_token']!r}",
            seen=described(answer),
        )
