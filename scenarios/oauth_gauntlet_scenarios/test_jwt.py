"""The assertion of the JWT bearer grant: its claims and its signature (the header: test_jwt_header).

Judged from the wire with PyJWT, another library than the mock server verifies with.
"""

from __future__ import annotations

import json

from hypothesis import given

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import INTEROP, JWT_BEARER, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.strategies import unicode_text
from oauth_gauntlet_server import Tenant

_JWT = [JWT_BEARER]
_ASSERTION = Mark(text="assertion=")

# Clocks differ; a claim that says "now" may be this far off (the practice that RFC 7519 §4.1.4 describes).
_SKEW_S = 300


def _assertion(client: LabClient, **changes: JSON) -> witness.Assertion:
    client.configure(**changes)
    client.try_get_token()
    return witness.assertion(client.token_request())


# RFC 7523 §2.1: grant_type is the URN; assertion "MUST contain a single JWT".
@requirement(
    "jwt.grant-and-assertion",
    level=MUST,
    source="RFC 7523 2.1",
    grants=_JWT,
    statement="grant_type is the registered URN, and assertion holds a single JWT.",
)
def test_grant_and_assertion(client: LabClient) -> None:
    """Do: get a token. Check: the URN, one assertion, three parts that decode."""
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


def _require_claim(client: LabClient, claim: str, key: str) -> None:
    sent, configured = _assertion(client).claims.get(claim), client.config[key]
    require(
        sent == configured or (claim == "aud" and sent == [configured]),
        expected=f"the claim {claim} to be {configured!r}",
        seen=f"{sent!r}",
        mark=_ASSERTION,
    )


# RFC 7523 §3: 'The JWT MUST contain an "iss" (issuer) claim'; connector: "JWT issuer for authorization."
@requirement(
    "jwt.issuer",
    level=MUST,
    source="RFC 7523 3; connector: JWT issuer",
    grants=_JWT,
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
    grants=_JWT,
    statement="The claim sub is the configured subject.",
)
def test_subject(client: LabClient) -> None:
    """Do: get a token. Check: sub is the configured value."""
    _require_claim(client, "sub", "jwt_subject")


# RFC 7523 §3: 'The JWT MUST contain an "aud" (audience) claim'; RFC 7519 §4.1.3: a string, or an array of strings.
# connector: "JWT audience for authorization (Recipient for which the JWT is intended)."
@requirement(
    "jwt.audience",
    level=MUST,
    source="RFC 7523 3, RFC 7519 4.1.3; connector: JWT audience",
    grants=_JWT,
    statement="The claim aud is the configured audience, alone.",
)
def test_audience(client: LabClient) -> None:
    """Do: get a token. Check: aud is the configured value, as a string or as an array of one."""
    _require_claim(client, "aud", "jwt_audience")


# RFC 7519 §7.1: the claims are "the octets of the UTF-8 representation" of a JSON object; JSON escapes are as good. §2: "any
# value containing a ":" character MUST be a URI", and a URI is ASCII, so no colon stands here.
@requirement(
    "jwt.non-ascii-claims",
    level=MUST,
    source="RFC 7519 7.1, RFC 7523 3",
    grants=_JWT,
    statement="Claims beyond ASCII are JSON in UTF-8, and arrive as what they are.",
)
def test_non_ascii_claims(client: LabClient, tenant: Tenant) -> None:
    """Do: an issuer and a subject with umlauts, Han characters and an emoji. Check: the claims are these texts."""
    tenant.configure(strict=False)
    issuer, subject = "Aussteller der Grüße", "例え😀"
    claims = _assertion(client, jwt_issuer=issuer, jwt_subject=subject).claims
    require(
        (claims.get("iss"), claims.get("sub")) == (issuer, subject),
        expected=f"iss {issuer!r} and sub {subject!r}",
        seen=f"iss {claims.get('iss')!r} and sub {claims.get('sub')!r}",
        mark=_ASSERTION,
    )


# RFC 7519 §2: NumericDate is "A JSON numeric value representing the number of seconds from 1970-01-01T00:00:00Z UTC".
@requirement(
    "jwt.numeric-dates",
    level=MUST,
    source="RFC 7519 2, 4.1",
    grants=_JWT,
    statement="exp, nbf and iat, where they are sent, are numbers of seconds, not texts or milliseconds.",
)
def test_numeric_dates(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: each of the three is absent, or a number within a year of now."""
    claims = _assertion(client).claims
    for name in ("exp", "nbf", "iat"):
        found = claims.get(name, tenant.clock.now())
        numeric = isinstance(found, int | float) and not isinstance(found, bool)
        require(
            numeric and abs(float(str(found)) - tenant.clock.now()) < 366 * 86400,
            expected=f"{name} as a number of seconds since 1970",
            seen=f"{name}={found!r}",
            mark=_ASSERTION,
        )


# RFC 8725 §3.9, RFC 7519 §12: claims are signed, not encrypted; whoever sees the assertion reads them.
@requirement(
    "jwt.no-secrets",
    level=SHOULD,
    source="RFC 7519 12, RFC 6819 5.1",
    grants=_JWT,
    statement="Neither header nor claims hold a secret: everybody on the way can read them.",
)
def test_no_secrets(client: LabClient) -> None:
    """Do: configure client secret, user password and key; get a token. Check: none of them is in header or claims."""
    found = _assertion(client, client_id="gauntlet-client", client_secret="gauntlet-jwt-secret", password="gauntlet-jwt-pw")
    text = json.dumps([found.header, found.claims])
    leaked = [key for key in ("client_secret", "password") if str(client.config[key]) in text] + (
        ["private_key"] if "PRIVATE KEY" in text else []
    )
    require(not leaked, expected="no secret in header or claims", seen=", ".join(leaked), mark=_ASSERTION)


@requirement(
    "jwt.claims-roundtrip",
    level=MUST,
    source="RFC 7523 3, RFC 7519 7.1",
    grants=_JWT,
    statement="Any text configured as issuer, subject or audience is the claim's value, octet for octet.",
)
@given(issuer=unicode_text(), subject=unicode_text(), audience=unicode_text())
def test_claims_roundtrip(client: LabClient, tenant: Tenant, issuer: str, subject: str, audience: str) -> None:
    """Do: generated Unicode texts as issuer, subject and audience. Check: the claims are these very texts.

    The audience may stand in an array of one; a refusal before any request is fine, as of what is no StringOrURI.
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
            mark=_ASSERTION,
        )


# RFC 7523 §3: "The JWT MUST contain an "exp" claim that limits the time window during which the JWT can be used."
# RFC 7519 §2: NumericDate is a JSON number of seconds.
@requirement(
    "jwt.exp-present",
    level=MUST,
    source="RFC 7523 3, RFC 7519 4.1.4",
    grants=_JWT,
    statement="exp is there: a number of seconds, in the future, and not unreasonably far.",
)
def test_exp_present(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: exp is a number, later than now, by at most 24 h (more than an hour is advised against)."""
    expires = _assertion(client).claims.get("exp")
    require(
        isinstance(expires, int | float) and not isinstance(expires, bool),
        expected="exp to be a number of seconds",
        seen=f"{expires!r}",
        mark=_ASSERTION,
    )
    assert isinstance(expires, int | float)
    remaining = expires - tenant.clock.now()
    require(remaining > 0, expected="exp in the future", seen=f"it lies {-remaining:.0f} s in the past", mark=_ASSERTION)
    require(
        remaining < 10 * 365 * 86400,
        expected="exp in seconds since 1970",
        seen=f"exp={expires!r}, as milliseconds would be",
        mark=_ASSERTION,
    )
    advise(
        remaining <= 3600 + _SKEW_S,
        expected="an assertion that lives an hour at most",
        seen=f"{remaining:.0f} s",
        mark=_ASSERTION,
    )


# RFC 7519 §4.1.6: iat "identifies the time at which the JWT was issued". It may be absent (RFC 7523 §3).
@requirement(
    "jwt.iat-sane",
    level=SHOULD,
    source="RFC 7519 4.1.6",
    grants=_JWT,
    statement="iat, where it is sent, is now.",
)
def test_iat_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: iat is absent, or a number within five minutes of now."""
    issued = _assertion(client).claims.get("iat")
    require(
        issued is None or (isinstance(issued, int | float) and abs(issued - tenant.clock.now()) <= _SKEW_S),
        expected="iat within five minutes of now, or absent",
        seen=f"iat={issued!r}",
        mark=_ASSERTION,
    )


# RFC 7523 §3: nbf "identifies the time before which the token MUST NOT be accepted for processing".
@requirement(
    "jwt.nbf-sane",
    level=MUST,
    source="RFC 7523 3",
    grants=_JWT,
    statement="nbf, where it is sent, is not in the future.",
)
def test_nbf_sane(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: nbf is absent, or a number not later than now."""
    not_before = _assertion(client).claims.get("nbf")
    require(
        not_before is None or (isinstance(not_before, int | float) and not_before <= tenant.clock.now() + 1),
        expected="nbf not in the future, or absent",
        seen=f"nbf={not_before!r}",
        mark=_ASSERTION,
    )


# RFC 7519 §4.1.7: the identifier is "assigned in a manner that ensures that there is a negligible probability that the
# same value will be accidentally assigned to a different data object". It may be absent. The same assertion may be
# sent twice while it is valid, but servers may refuse the second one as a replay (RFC 7523 §3).
@requirement(
    "jwt.jti-unique",
    level=SHOULD,
    source="RFC 7519 4.1.7, RFC 7523 3",
    grants=_JWT,
    statement="jti, where it is sent, is never used twice.",
)
def test_jti_unique(client: LabClient) -> None:
    """Do: three tokens, each after configuring anew. Check: jti is absent, or different each time."""
    found = [_assertion(client).claims.get("jti") for _ in range(3)]
    present = [identifier for identifier in found if identifier is not None]
    require(
        len(set(map(str, present))) == len(present),
        expected="a different jti in each assertion, or none",
        seen=f"{', '.join(map(str, found))}",
        mark=_ASSERTION,
    )


# RFC 7523 §3: "The JWT MUST be digitally signed or have a Message Authentication Code (MAC) applied by the issuer."
@requirement(
    "jwt.signature-valid",
    level=MUST,
    source="RFC 7523 3, RFC 7515 5.1",
    grants=_JWT,
    statement="The assertion is signed with the configured key: never alg none, never with another key.",
)
def test_signature_valid(client: LabClient) -> None:
    """Do: get a token. Check: the signature verifies with the public half of the configured key."""
    problem = witness.signature_problem(_assertion(client), "rsa")
    require(
        problem is None,
        expected="a signature that verifies with the configured key",
        seen=f"{problem}",
        mark=_ASSERTION,
    )


# RFC 7515 §2: base64url "with all trailing '=' characters omitted".
@requirement(
    "jwt.base64url-unpadded",
    level=MUST,
    source="RFC 7515 2",
    grants=_JWT,
    statement="The parts are base64url without padding, whatever their length.",
    variants={"one": "a", "two": "ab", "three": "abc"},
)
def test_base64url_unpadded(client: LabClient, variant: Variant) -> None:
    """Do: subjects of three lengths, so that every remainder occurs. Check: no padding, only the URL-safe alphabet."""
    _assertion(client, jwt_subject=variant.value)


@requirement(
    "jwt.fresh-per-request",
    level=INTEROP,
    source="practice; RFC 7523 3",
    grants=_JWT,
    capabilities=["clock", "cache", "auto_refresh"],
    statement="After an assertion has expired, a new one is made.",
)
def test_fresh_per_request(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, move both clocks a day ahead, get another. Check: the second assertion has not expired."""
    client.get_token()
    client.advance(86400)
    client.try_get_token()
    expires = witness.assertion(client.token_request()).claims.get("exp")
    require(
        isinstance(expires, int | float) and expires > tenant.clock.now(),
        expected="an assertion whose exp lies in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=_ASSERTION,
    )
