"""Claims: issuer, subject, audience, identifier, and no secrets."""

from __future__ import annotations

import json

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import MUST, SHOULD, requirement
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, sent_assertion
from oauth_gauntlet_scenarios.strategies import unicode_text
from oauth_gauntlet_server import Tenant


def _require_claim(client: LabClient, claim: str, key: str) -> None:
    sent, configured = sent_assertion(client).claims.get(claim), client.config[key]
    require(
        sent == configured or (claim == "aud" and sent == [configured]),
        expected=f"the claim {claim} to be {configured!r}",
        seen=f"{claim}={sent!r}",
        mark=ASSERTION,
    )


# RFC 7523 §3: 'The JWT MUST contain an "iss" (issuer) claim'; connector: "JWT issuer for authorization."
@requirement(
    "jwt.issuer",
    level=MUST,
    source="RFC 7523 3; connector: JWT issuer",
    grants=JWT,
    statement="The claim iss is the configured issuer.",
)
def test_issuer(client: LabClient) -> None:
    """Do: get a token. Check: iss is the configured value."""
    _require_claim(client, "iss", "jwt_issuer")


# RFC 7523 §3: 'The JWT MUST contain a "sub" (subject) claim'; connector: "JWT subject for authorization."
@requirement(
    "jwt.subject",
    level=MUST,
    source="RFC 7523 3; connector: JWT subject",
    grants=JWT,
    statement="The claim sub is the configured subject.",
)
def test_subject(client: LabClient) -> None:
    """Do: get a token. Check: sub is the configured value."""
    _require_claim(client, "sub", "jwt_subject")


# RFC 7523 §3: 'The JWT MUST contain an "aud" (audience) claim'; RFC 7519 §4.1.3: a string, or an array of
# strings. connector: "JWT audience for authorization (Recipient for which the JWT is intended)."
@requirement(
    "jwt.audience",
    level=MUST,
    source="RFC 7523 3, RFC 7519 4.1.3; connector: JWT audience",
    grants=JWT,
    statement="The claim aud is the configured audience and nothing else.",
)
def test_audience(client: LabClient) -> None:
    """Do: get a token. Check: aud is the configured value, as a string or as an array of one."""
    _require_claim(client, "aud", "jwt_audience")


# RFC 7519 §7.1: the claims are "the octets of the UTF-8 representation" of a JSON object; JSON escapes are
# equivalent. §2: "any value containing a ":" character MUST be a URI", and a URI is ASCII, so these texts
# contain no colon.
@requirement(
    "jwt.non-ascii-claims",
    level=MUST,
    source="RFC 7519 7.1, RFC 7523 3",
    grants=JWT,
    statement="Non-ASCII claims are JSON in UTF-8, and arrive unchanged.",
)
def test_non_ascii_claims(client: LabClient, tenant: Tenant) -> None:
    """Do: configure issuer and subject with umlauts, Han characters and an emoji.

    Check: the claims are these texts.
    """
    tenant.configure(strict=False)
    issuer, subject = "Aussteller der Grüße", "例え😀"
    claims = sent_assertion(client, jwt_issuer=issuer, jwt_subject=subject).claims
    require(
        (claims.get("iss"), claims.get("sub")) == (issuer, subject),
        expected=f"iss {issuer!r} and sub {subject!r}",
        seen=f"iss {claims.get('iss')!r} and sub {claims.get('sub')!r}",
        mark=ASSERTION,
    )


# RFC 8725 §3.9, RFC 7519 §12: claims are signed, not encrypted; anyone who sees the assertion can read them.
@requirement(
    "jwt.no-secrets",
    level=SHOULD,
    source="RFC 7519 12, RFC 6819 5.1",
    grants=JWT,
    statement="Neither header nor claims contain a secret: they are not encrypted.",
)
def test_no_secrets(client: LabClient) -> None:
    """Do: configure client secret, user password and key; get a token.

    Check: header and claims contain none of them.
    """
    found = sent_assertion(client, client_id="gauntlet-client", client_secret="gauntlet-jwt-secret", password="gauntlet-jwt-pw")
    text = json.dumps([found.header, found.claims])
    leaked = [key for key in ("client_secret", "password") if str(client.config[key]) in text] + (
        ["private_key"] if "PRIVATE KEY" in text else []
    )
    require(not leaked, expected="no secret in header or claims", seen=", ".join(leaked), mark=ASSERTION)


@requirement(
    "jwt.claims-roundtrip",
    level=MUST,
    source="RFC 7523 3, RFC 7519 7.1",
    grants=JWT,
    statement="Any text configured as issuer, subject or audience is exactly the claim's value.",
)
@given(issuer=unicode_text(), subject=unicode_text(), audience=unicode_text())
def test_claims_roundtrip(client: LabClient, tenant: Tenant, issuer: str, subject: str, audience: str) -> None:
    """Do: configure generated Unicode texts as issuer, subject and audience.

    Check: the claims are exactly these texts.

    The audience may be an array of one. A refusal before any request is accepted: a text may not be a
    StringOrURI.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(jwt_issuer=issuer, jwt_subject=subject, jwt_audience=audience)
    for request in tenant.journal.requests("token"):
        claims = witness.assertion(request).claims
        sent = (claims.get("iss"), claims.get("sub"), claims.get("aud"))
        require(
            sent in ((issuer, subject, audience), (issuer, subject, [audience])),
            expected=f"iss {issuer!r}, sub {subject!r}, aud {audience!r}",
            seen=f"iss {sent[0]!r}, sub {sent[1]!r}, aud {sent[2]!r}",
            mark=ASSERTION,
        )


# RFC 7519 §4.1.7: the identifier is "assigned in a manner that ensures that there is a negligible probability
# that the same value will be accidentally assigned to a different data object". It may be absent. The same
# assertion may be sent twice while it is valid, but servers may refuse the second one as a replay (RFC 7523
# §3).
@requirement(
    "jwt.jti-unique",
    level=SHOULD,
    source="RFC 7519 4.1.7, RFC 7523 3",
    grants=JWT,
    statement="jti, if sent, is never used twice.",
)
def test_jti_unique(client: LabClient) -> None:
    """Do: configure and get a token, three times. Check: jti is absent, or different each time."""
    found = [sent_assertion(client).claims.get("jti") for _ in range(3)]
    present = [identifier for identifier in found if identifier is not None]
    require(
        len(set(map(str, present))) == len(present),
        expected="a different jti in each assertion, or none",
        seen=f"jti: {', '.join(map(str, found))}",
        mark=ASSERTION,
    )
