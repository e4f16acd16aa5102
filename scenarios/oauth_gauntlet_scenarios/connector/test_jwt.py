"""What the connector's page says about the JWT."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    JWT_BEARER,
    PROFILE,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page


@requirement(
    "connector.jwt-structure",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page("A JWT contains encoded JSON objects, and is signed using a signing algorithm"),
        connector_page("These tokens have a specific structure consisting of a header, payload, and signature."),
    ],
    covered_by=["jwt.grant-and-assertion"],
    grants=[JWT_BEARER],
    statement="The assertion has a header, a payload and a signature; header and payload are JSON objects.",
)
def test_jwt_structure(client: LabClient) -> None:
    """Do: get a token. Check: three parts: two JSON objects, and a signature that is not empty."""
    client.get_token()
    found = witness.assertion(client.token_request())
    require(
        found.header and found.claims and found.signature,
        expected="a header, a payload and a signature",
        seen=f"{len(found.header)} header members, {len(found.claims)} claims, a signature of {len(found.signature)} octets",
        mark=Mark(text="assertion="),
    )


@requirement(
    "connector.jwt-unalterable",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page(
        "A JWT contains encoded JSON objects, and is signed using a signing algorithm to ensure that the claims cannot be "
        "altered after the token is issued."
    ),
    covered_by=["jwt.signature-valid"],
    grants=[JWT_BEARER],
    statement="The signature covers the claims: it verifies as sent, and fails after a change of a claim.",
)
def test_jwt_unalterable(client: LabClient) -> None:
    """Do: get a token.

    Check: the signature verifies with the public key, and fails after a change of a claim.
    """
    client.get_token()
    found = witness.assertion(client.token_request())
    problem = witness.signature_problem(found, "rsa")
    require(problem is None, expected="a signature that verifies", seen=f"{problem}", mark=Mark(text="assertion="))
    altered = witness.with_claims(found, {**found.claims, "sub": "somebody-else"})
    require(
        witness.signature_problem(altered, "rsa") is not None,
        expected="a signature that does not verify after a change of the subject",
        seen="it verifies with a changed subject too",
        mark=Mark(text="assertion="),
    )
