"""The syntax of the assertion: one JWT of three base64url parts, with an identifier of its own."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import MUST, Variant, quote, requirement, rule
from oauth_gauntlet_scenarios.jwt.required_claims import JTI, require_unique_jti
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, sent_assertion


@requirement(
    "jwt.grant-and-assertion",
    level=MUST,
    basis=[
        quote("RFC 7523 2.1", 'The value of the "assertion" parameter MUST contain a single JWT.'),
        rule("RFC 7523 8.1", "URN: urn:ietf:params:oauth:grant-type:jwt-bearer"),
    ],
    covered_by=["jwt.base64url-unpadded"],
    grants=JWT,
    refused_as=["The parameter assertion is missing"],
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


@requirement(
    "jwt.base64url-unpadded",
    level=MUST,
    basis=rule(
        "RFC 7515 2",
        "Base64 encoding using the URL- and filename-safe character set defined in Section 5 of RFC 4648 [RFC4648], with all "
        "trailing '=' characters omitted",
    ),
    grants=JWT,
    refused_as=["The assertion is not a JWT in compact form", "The assertion's header or claims do not decode"],
    statement="The parts are base64url without padding, for every length.",
    variants={"one": "a", "two": "ab", "three": "abc"},
)
def test_base64url_unpadded(client: LabClient, variant: Variant) -> None:
    """Do: configure subjects of three lengths, one for each remainder.

    Check: no padding, and only the URL-safe alphabet.
    """
    client.obtain(jwt_subject=variant.value)
    witness.assertion(client.token_request())


# jti may be absent, and a client may send the same JWT twice while it is valid: that is the same data object. The subjects
# differ, so that the JWTs do too.
@requirement(
    "jwt.jti-unique",
    level=MUST,
    basis=JTI,
    grants=JWT,
    refused_as=["The claim jti was used before"],
    statement="jti, if sent, is never used twice.",
)
def test_jti_unique(client: LabClient) -> None:
    """Do: configure and get a token for three subjects. Check: jti is absent, or different each time."""
    found = [sent_assertion(client, jwt_subject=f"gauntlet-subject-{number}") for number in range(3)]
    require_unique_jti(found, ASSERTION)
