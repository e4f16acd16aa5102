"""The syntax of the assertion: one JWT of three base64url parts."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import MUST, Variant, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import JWT, sent_assertion


# RFC 7523 §2.1: grant_type is the URN; assertion "MUST contain a single JWT".
@requirement(
    "jwt.grant-and-assertion",
    level=MUST,
    source="RFC 7523 2.1",
    grants=JWT,
    statement="grant_type is the registered URN, and assertion contains a single JWT.",
)
def test_grant_and_assertion(client: LabClient) -> None:
    """Do: get a token. Check: grant_type is the URN; there is one assertion; its three parts decode."""
    client.try_get_token()
    request = client.token_request()
    grant_type = witness.value(request, "grant_type")
    require(
        grant_type == "urn:ietf:params:oauth:grant-type:jwt-bearer",
        expected="grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer",
        seen=f"grant_type={grant_type}",
        mark=Mark(text="grant_type"),
    )
    witness.assertion(request)


# RFC 7515 §2: base64url "with all trailing '=' characters omitted".
@requirement(
    "jwt.base64url-unpadded",
    level=MUST,
    source="RFC 7515 2",
    grants=JWT,
    statement="The parts are base64url without padding, for every length.",
    variants={"one": "a", "two": "ab", "three": "abc"},
)
def test_base64url_unpadded(client: LabClient, variant: Variant) -> None:
    """Do: configure subjects of three lengths, one for each remainder.

    Check: no padding, and only the URL-safe alphabet.
    """
    sent_assertion(client, jwt_subject=variant.value)
