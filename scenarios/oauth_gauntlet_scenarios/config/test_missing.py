"""A parameter that its grant needs is not configured.

No document obliges a library to refuse before it sends: the levels are `interop`. What is sent nevertheless has to meet
the requirements of the RFCs: an assertion without issuer, subject or audience is a matter of `jwt.*`.
"""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    practice,
    requirement,
)
from oauth_gauntlet_scenarios.config.refusals import (
    require_nothing_made_up,
    require_refused_before_request,
    require_refused_or_default,
)
from oauth_gauntlet_server import Tenant

_UNSET: dict[str, JSON] = {"absent": None, "empty": ""}
_BLANKS: dict[str, JSON] = {**_UNSET, "blank": "  "}

_EARLY = practice("The error of a server names neither the missing parameter nor the place where the user can enter it.")
_LITERAL = practice("Clients that format an absent value send the text None, null or undefined, which servers log as a client.")


@requirement(
    "config.missing-token-url",
    level=INTEROP,
    basis=_EARLY,
    statement="A missing or empty token URL is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_token_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure everything except the token URL. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "token_url", variant.value)


@requirement(
    "config.missing-client-id",
    level=INTEROP,
    basis=_LITERAL,
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="Without a configured client id the client refuses, or sends none; it makes none up.",
)
def test_missing_client_id(client: LabClient, tenant: Tenant) -> None:
    """Do: configure everything except the client id.

    Check: a configuration error before any request, or a request whose client id is absent or empty.
    """
    require_nothing_made_up(client, tenant, "client_id")


@requirement(
    "config.missing-client-secret",
    level=INTEROP,
    basis=_LITERAL,
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="Without a configured client secret the client refuses, or sends none; it makes none up.",
)
def test_missing_client_secret(client: LabClient, tenant: Tenant) -> None:
    """Do: configure everything except the client secret.

    Check: a configuration error before any request, or a request whose client secret is absent or empty.
    """
    require_nothing_made_up(client, tenant, "client_secret")


# RFC 6749 A.17 excludes an empty refresh token. The level is interop all the same: the user configured nothing, the
# server refuses the request, and nothing is lost.
@requirement(
    "config.missing-refresh-token",
    level=INTEROP,
    basis=_EARLY,
    grants=[REFRESH_TOKEN],
    statement="A missing refresh token is refused with a configuration error before any request.",
    variants=_UNSET,
)
def test_missing_refresh_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the refresh_token grant without a refresh token.

    Check: a configuration error, and no request.
    """
    require_refused_before_request(client, tenant, "refresh_token", variant.value)


@requirement(
    "config.missing-username",
    level=INTEROP,
    basis=_LITERAL,
    grants=[PASSWORD],
    statement="Without a configured user name the client refuses, or sends none; it makes none up.",
)
def test_missing_username(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the password grant without a user name.

    Check: a configuration error before any request, or a request whose user name is absent or empty.
    """
    require_nothing_made_up(client, tenant, "username")


@requirement(
    "config.missing-password",
    level=INTEROP,
    basis=_LITERAL,
    grants=[PASSWORD],
    statement="Without a configured password the client refuses, or sends none; it makes none up.",
)
def test_missing_password(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the password grant without a password.

    Check: a configuration error before any request, or a request whose password is absent or empty.
    """
    require_nothing_made_up(client, tenant, "password")


@requirement(
    "config.missing-jwt-issuer",
    level=INTEROP,
    basis=_EARLY,
    covered_by=["jwt.issuer-present"],
    grants=[JWT_BEARER],
    statement="A missing issuer is refused before any request, or the assertion contains a documented default.",
    variants=_UNSET,
)
def test_missing_jwt_issuer(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without an issuer.

    Check: a configuration error before any request, or an assertion with an issuer (the client id is a common default).
    """
    require_refused_or_default(client, tenant, "jwt_issuer", variant.value, "iss")


@requirement(
    "config.missing-jwt-subject",
    level=INTEROP,
    basis=_EARLY,
    covered_by=["jwt.subject-present"],
    grants=[JWT_BEARER],
    statement="A missing subject is refused before any request, or the assertion contains a documented default.",
    variants=_UNSET,
)
def test_missing_jwt_subject(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without a subject.

    Check: a configuration error before any request, or an assertion with a subject (the issuer is a common default).
    """
    require_refused_or_default(client, tenant, "jwt_subject", variant.value, "sub")


@requirement(
    "config.missing-jwt-audience",
    level=INTEROP,
    basis=_EARLY,
    covered_by=["jwt.audience-present"],
    grants=[JWT_BEARER],
    statement="A missing audience is refused before any request, or the assertion contains a documented default.",
    variants=_UNSET,
)
def test_missing_jwt_audience(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without an audience.

    Check: a configuration error before any request, or an assertion with an audience (RFC 7523 §3 names the URL of the
    token endpoint as one).
    """
    require_refused_or_default(client, tenant, "jwt_audience", variant.value, "aud")


@requirement(
    "config.missing-private-key",
    level=INTEROP,
    basis=_EARLY,
    grants=[JWT_BEARER],
    statement="A missing private key is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_private_key(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without a private key. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "private_key", variant.value)
