"""Claims: issuer, subject, audience, and no secrets."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import EXPIRY, MUST, SERVER, UNSAFE, damage, quote, requirement, rule
from oauth_gauntlet_scenarios.jwt.required_claims import AUDIENCE, ISSUER, SUBJECT, values_of
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, audiences, sent_assertion
from oauth_gauntlet_scenarios.strategies import claim_text
from oauth_gauntlet_server import Tenant

# The server compares the claims with what it knows: an issuer that was changed on the way is another issuer.
_COMPARED = rule(
    "RFC 7519 2",
    "StringOrURI values are compared as case-sensitive strings with no transformations or canonicalizations applied.",
    binds=SERVER,
)
_UTF_8 = rule("RFC 7519 7.1", "Let the Message be the octets of the UTF-8 representation of the JWT Claims Set.")


def _host_of(url: JSON) -> str:
    """Return host and port of a URL, or an empty text if there are none."""
    try:
        return urlsplit(str(url)).netloc
    except ValueError:
        return ""


def _require_configured(client: LabClient, claim: str, key: str) -> None:
    claims, configured = sent_assertion(client).claims, client.config[key]
    require(
        configured in values_of(claims, claim),
        expected=f"the claim {claim} to be {configured!r}",
        seen=f"{claim}={claims.get(claim)!r}",
        mark=ASSERTION,
    )


@requirement(
    "jwt.issuer", level=MUST, basis=ISSUER, grants=JWT, renewals=[EXPIRY], statement="The claim iss is the configured issuer."
)
def test_issuer(client: LabClient) -> None:
    """Do: get a token. Check: iss is the configured value."""
    _require_configured(client, "iss", "jwt_issuer")


@requirement(
    "jwt.subject",
    level=MUST,
    basis=SUBJECT,
    grants=JWT,
    renewals=[EXPIRY],
    statement="The claim sub is the configured subject.",
)
def test_subject(client: LabClient) -> None:
    """Do: get a token. Check: sub is the configured value."""
    _require_configured(client, "sub", "jwt_subject")


# "a value": RFC 7519 4.1.3 allows an array of several. So the configured audience may stand beside others, and no requirement
# asks that it stands alone.
@requirement(
    "jwt.audience",
    level=MUST,
    basis=AUDIENCE,
    grants=JWT,
    refused_as=["The claim aud does not name this server"],
    renewals=[EXPIRY],
    statement="The claim aud contains the configured audience.",
)
def test_audience(client: LabClient) -> None:
    """Do: get a token. Check: aud is the configured value, or an array with it."""
    _require_configured(client, "aud", "jwt_audience")


# Further names of the same server are accepted: its issuer identifier, the URLs of its endpoints.
@requirement(
    "jwt.audience-foreign",
    level=UNSAFE,
    basis=[
        damage(
            "Each server that aud names can present the assertion to the other ones, and gets a token in the client's name."
        ),
        rule("RFC 7519 4.1.3", 'The "aud" (audience) claim identifies the recipients that the JWT is intended for.'),
    ],
    grants=JWT,
    statement="The claim aud names no other server than the configured one.",
)
def test_audience_foreign(client: LabClient) -> None:
    """Do: get a token. Check: each value of aud is the configured audience, or a URL of the token URL's host and port."""
    sent = audiences(sent_assertion(client).claims)
    here = _host_of(client.config["token_url"])
    foreign = [value for value in sent if value != client.config["jwt_audience"] and _host_of(value) != here]
    if foreign == sent:
        untestable(f"aud does not name this server at all, which jwt.audience judges: {sent!r}")
    require(not foreign, expected="no other server in aud", seen=f"aud contains {foreign!r}", mark=ASSERTION)


# The texts contain no colon: RFC 7519 2 demands that a value with one is a URI, and a URI is ASCII. JSON escapes are
# equivalent to the characters.
@requirement(
    "jwt.non-ascii-claims",
    level=MUST,
    basis=[_UTF_8, ISSUER, SUBJECT, _COMPARED],
    grants=JWT,
    refused_as=[
        "The assertion's header or claims are not UTF-8",
        "The assertion's header or claims begin with a byte order mark",
    ],
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


@requirement(
    "jwt.no-secrets",
    level=UNSAFE,
    basis=[
        damage("A signed JWT is not encrypted: everyone who gets it in a log or on its way reads the secret."),
        quote(
            "RFC 7519 12",
            "Omitting privacy-sensitive information from a JWT is the simplest way of minimizing privacy issues.",
        ),
    ],
    grants=JWT,
    renewals=[EXPIRY],
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


# The texts are legal: no colon, so that they need not be URIs (RFC 7519 2), and no white space at their ends, because
# encoding.no-normalisation judges a client that trims.
@requirement(
    "jwt.claims-roundtrip",
    level=MUST,
    basis=[ISSUER, SUBJECT, AUDIENCE, _UTF_8, _COMPARED],
    covered_by=[
        "jwt.issuer",
        "jwt.subject",
        "jwt.audience",
        "jwt.non-ascii-claims",
        "jwt.base64url-unpadded",
        "jwt.grant-and-assertion",
    ],
    grants=JWT,
    statement="Any legal text configured as issuer, subject or audience is exactly the claim's value.",
)
@given(issuer=claim_text(), subject=claim_text(), audience=claim_text())
def test_claims_roundtrip(client: LabClient, tenant: Tenant, issuer: str, subject: str, audience: str) -> None:
    """Do: configure generated Unicode texts without a colon as issuer, subject and audience.

    Check: iss and sub are exactly these texts, and aud contains the third one. The client may refuse a text.
    """
    tenant.configure(strict=False)
    tenant.journal.clear()
    client.obtain(jwt_issuer=issuer, jwt_subject=subject, jwt_audience=audience)
    for request in client.token_requests():
        claims = witness.assertion(request).claims
        require(
            (claims.get("iss"), claims.get("sub")) == (issuer, subject) and audience in audiences(claims),
            expected=f"iss {issuer!r}, sub {subject!r}, aud {audience!r}",
            seen=f"iss {claims.get('iss')!r}, sub {claims.get('sub')!r}, aud {claims.get('aud')!r}",
            mark=ASSERTION,
        )
