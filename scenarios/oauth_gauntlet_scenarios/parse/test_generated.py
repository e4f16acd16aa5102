"""Generated token responses: valid, nearly valid, without a token."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import INTEROP, MUST, SERVER, UNSAFE, damage, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.generated import begin_example
from oauth_gauntlet_scenarios.parse.answers import control, require_no_token, response_mark
from oauth_gauntlet_scenarios.strategies import invalid_token_responses, near_valid_token_responses, valid_token_responses
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "parse.property-valid",
    level=MUST,
    basis=[
        quote("RFC 6749 5.1", "The client MUST ignore unrecognized value names in the response."),
        rule("RFC 6749 5.1", "Value is case insensitive."),
        rule("RFC 6749 A.12", "access-token = 1*VSCHAR"),
    ],
    covered_by=[
        "parse.unknown-members",
        "parse.token-type-case",
        "parse.access-token-verbatim",
        "parse.expires-in-number",
        "sanity.first",
    ],
    statement="Any valid success response gives its access token.",
)
@given(document=valid_token_responses())
def test_property_valid(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: the server sends generated success documents, with unknown members of any JSON type.

    Check: the access token.
    """
    control(client)
    begin_example(client, document)
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
    level=UNSAFE,
    basis=[
        damage(
            "The application takes a response without an access token for a success, and sends something else as the token."
        ),
        quote("RFC 6749 5.1", "REQUIRED. The access token issued by the authorization server.", binds=SERVER),
    ],
    covered_by=["parse.access-token-missing", "parse.not-json"],
    statement="A 200 response without a usable access token never gives a token.",
)
@given(body=invalid_token_responses())
def test_property_invalid(client: LabClient, tenant: Tenant, body: bytes) -> None:
    """Do: generated 200 responses contain no access token, or are not JSON.

    Check: the application gets an error.
    """
    control(client)
    begin_example(client, body)
    tenant.arm(faults.token_response(body))
    require_no_token(client.try_get_token(), response_mark(body.decode("latin-1")[:40]))


@requirement(
    "parse.property-near",
    level=INTEROP,
    basis=practice("Servers send optional members with a wrong type beside a valid token."),
    covered_by=[
        "parse.expires-in-string",
        "parse.expires-in-odd",
        "parse.scope-odd",
        "parse.refresh-token-odd",
        "parse.access-token-verbatim",
        "parse.property-valid",
    ],
    statement="A valid token together with members of a wrong type is returned unchanged, or the response is refused clearly.",
)
@given(document=near_valid_token_responses())
def test_property_near(client: LabClient, tenant: Tenant, document: dict[str, Any]) -> None:
    """Do: generated documents have a valid access_token and token_type, and other members of any type.

    Check: exactly this token, or an error that the client documents.
    """
    control(client)
    begin_example(client, document)
    tenant.arm(faults.http_status(200, json.dumps(document), content_type="application/json"))
    answer = client.try_get_token()
    documented(answer)
    if isinstance(answer, Token):
        require(
            answer.access_token == document["access_token"],
            expected=f"the access token {document['access_token']!r}",
            seen=described(answer),
        )
