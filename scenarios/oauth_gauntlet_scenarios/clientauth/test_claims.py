"""Claims of the client assertion: the client speaks about itself, to this server, for a limited time."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.clientauth.client_assertion import (
    CLIENT_ASSERTION,
    METHODS,
    WITH_CLIENT,
    sent_client_assertion,
)
from oauth_gauntlet_scenarios.jwt.required_claims import AUDIENCE, JTI, require_unique_jti
from oauth_gauntlet_scenarios.jwt.sent_assertion import audiences, is_seconds
from oauth_gauntlet_server import Tenant


def _require_client_id(client: LabClient, claim: str, variant: Variant) -> None:
    sent = sent_client_assertion(client, variant.value).claims.get(claim)
    require(
        sent == client.config["client_id"],
        expected=f"the claim {claim} to be the client_id {client.config['client_id']!r}",
        seen=f"{claim}={sent!r}",
        mark=CLIENT_ASSERTION,
    )


@requirement(
    "clientauth.issuer",
    level=MUST,
    basis=quote("RFC 7521 5.2", 'If an assertion is self-issued, the Issuer MUST be the value of the client\'s "client_id".'),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The claim iss is the client_id.",
)
def test_issuer(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: iss is the client_id."""
    _require_client_id(client, "iss", variant)


@requirement(
    "clientauth.subject",
    level=MUST,
    basis=quote("RFC 7523 3", 'For client authentication, the subject MUST be the "client_id" of the OAuth client.'),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The claim sub is the client_id.",
)
def test_subject(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: sub is the client_id."""
    _require_client_id(client, "sub", variant)


# RFC 7523 3 (3) lets the client use the token URL; RFC 8414 gives the server an issuer identifier.
@requirement(
    "clientauth.audience",
    level=MUST,
    basis=AUDIENCE,
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The claim aud contains the token URL or the issuer identifier of the server.",
)
def test_audience(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: aud is, or contains, the token URL or the issuer identifier."""
    sent = audiences(sent_client_assertion(client, variant.value).claims)
    require(
        tenant.token_url in sent or tenant.issuer in sent,
        expected=f"aud with {tenant.token_url!r} or {tenant.issuer!r}",
        seen=f"aud={sent!r}",
        mark=CLIENT_ASSERTION,
    )


@requirement(
    "clientauth.expiry",
    level=MUST,
    basis=[
        quote(
            "RFC 7523 3",
            'The JWT MUST contain an "exp" (expiration time) claim that limits the time window during which the JWT can be '
            "used.",
        ),
        quote("RFC 7519 4.1.4", "Its value MUST be a number containing a NumericDate value."),
    ],
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The assertion has exp: a number of seconds, in the future.",
)
def test_expiry(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: exp is a number of seconds in the future."""
    expires = sent_client_assertion(client, variant.value).claims.get("exp")
    require(
        is_seconds(expires) and float(str(expires)) > tenant.clock.now(),
        expected="exp as a number of seconds since 1970, in the future",
        seen=f"exp={expires!r}, now={tenant.clock.now():.0f}",
        mark=CLIENT_ASSERTION,
    )


# jti may be absent here; clientauth.jti-present says what OpenID Connect wants. The client ids differ, so that the JWTs do too.
@requirement(
    "clientauth.jti-unique",
    level=MUST,
    basis=JTI,
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="jti, if sent, is never used twice.",
)
def test_jti_unique(client: LabClient, variant: Variant) -> None:
    """Do: configure and get a token as three clients. Check: jti is absent, or different each time."""
    found = [sent_client_assertion(client, variant.value, client_id=f"gauntlet-client-{number}") for number in range(3)]
    require_unique_jti(found, CLIENT_ASSERTION)


@requirement(
    "clientauth.jti-present",
    level=INTEROP,
    basis=practice("OpenID Connect Core 1.0, 9, requires jti in a client assertion, and its servers reject one without it."),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="The assertion has a jti.",
)
def test_jti_present(client: LabClient, variant: Variant) -> None:
    """Do: get a token with each of the two methods. Check: jti is a text that is not empty."""
    sent = sent_client_assertion(client, variant.value).claims.get("jti")
    require(isinstance(sent, str) and sent, expected="a text as jti", seen=f"jti={sent!r}", mark=CLIENT_ASSERTION)


@requirement(
    "clientauth.issued-and-valid-now",
    level=INTEROP,
    basis=practice("Servers reject an assertion from the future; they allow a few minutes for clocks that differ."),
    grants=WITH_CLIENT,
    auth_method_variants=METHODS,
    statement="iat and nbf, if sent, are not in the future.",
)
def test_issued_and_valid_now(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token with each of the two methods.

    Check: iat and nbf are absent, or numbers of seconds at most five minutes ahead of the current time.
    """
    claims = sent_client_assertion(client, variant.value).claims
    for name in ("iat", "nbf"):
        sent = claims.get(name)
        require(
            sent is None or (is_seconds(sent) and float(str(sent)) <= tenant.clock.now() + 300),
            expected=f"{name} not in the future, or absent",
            seen=f"{name}={sent!r}, now={tenant.clock.now():.0f}",
            mark=CLIENT_ASSERTION,
        )
