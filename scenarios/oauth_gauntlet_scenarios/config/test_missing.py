"""Missing mandatory parameters: a configuration error before any request."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    CONNECTOR,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.config.refusals import require_legal_without, require_refused_before_request
from oauth_gauntlet_server import Tenant

_BLANKS: dict[str, JSON] = {"absent": None, "empty": "", "blank": "  "}


# connector: "Attributes marked with * are mandatory attributes."
@requirement(
    "config.missing-token-url",
    level=CONNECTOR,
    source="connector: mandatory (URL for generating access token)",
    statement="A missing or empty token URL is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_token_url(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure everything except the token URL. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "token_url", token_url=variant.value)


@requirement(
    "config.missing-client-id",
    level=CONNECTOR,
    source="connector: mandatory (Client ID)",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="A missing client id is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_client_id(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure everything except the client id.

    Check: a configuration error before any request. A request without client identification is legal at some
    servers and gives a warning; a request with a made-up id (None, null, blank) is a failure.
    """
    answer = client.obtain(client_id=variant.value)
    require_legal_without(answer, tenant, "client_id")


@requirement(
    "config.missing-client-secret",
    level=CONNECTOR,
    source="connector: mandatory (Client Secret)",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="A missing client secret is refused with a configuration error before any request.",
)
def test_missing_client_secret(client: LabClient, tenant: Tenant) -> None:
    """Do: configure everything except the client secret.

    Check: a configuration error before any request. A request as a public client gives a warning; a request
    with a made-up secret (None, null) is a failure.
    """
    answer = client.obtain(client_secret=None)
    require_legal_without(answer, tenant, "client_secret")


@requirement(
    "config.missing-refresh-token",
    level=CONNECTOR,
    source="connector: mandatory (refresh token)",
    grants=[REFRESH_TOKEN],
    statement="A missing refresh token is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_refresh_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the refresh_token grant without a refresh token.

    Check: a configuration error, and no request.
    """
    require_refused_before_request(client, tenant, "refresh_token", refresh_token=variant.value)


@requirement(
    "config.missing-username",
    level=CONNECTOR,
    source="connector: mandatory (Username)",
    grants=[PASSWORD],
    statement="A missing username is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_username(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the password grant without a username. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "username", username=variant.value)


# RFC 6749 Appendix A.16 allows an empty password, so this scenario checks an absent one only.
@requirement(
    "config.missing-password",
    level=CONNECTOR,
    source="connector: mandatory (Password)",
    grants=[PASSWORD],
    statement="A missing password is refused with a configuration error before any request.",
)
def test_missing_password(client: LabClient, tenant: Tenant) -> None:
    """Do: configure the password grant without a password. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "password", password=None)


@requirement(
    "config.missing-jwt-issuer",
    level=CONNECTOR,
    source="connector: mandatory (JWT issuer); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing issuer is refused with a configuration error before any request.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_issuer(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without an issuer. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "jwt_issuer", jwt_issuer=variant.value)


@requirement(
    "config.missing-jwt-subject",
    level=CONNECTOR,
    source="connector: mandatory (JWT subject); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing subject is refused before any request, or the assertion contains a documented default.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_subject(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without a subject.

    Check: a configuration error before any request, or an assertion with a subject (the issuer is a common
    default). An assertion without a subject is never sent.
    """
    client.obtain(jwt_subject=variant.value)
    requests = client.token_requests()
    if requests:
        subject = witness.assertion(requests[0]).claims.get("sub")
        require(
            isinstance(subject, str) and subject,
            expected="a configuration error about jwt_subject, or an assertion with a subject",
            seen=f"an assertion with sub={subject!r} was sent",
            mark=Mark(text="assertion", exchange=0),
        )
        return
    require_refused_before_request(client, tenant, "jwt_subject", jwt_subject=variant.value)


@requirement(
    "config.missing-jwt-audience",
    level=CONNECTOR,
    source="connector: mandatory (JWT audience); RFC 7523 3",
    grants=[JWT_BEARER],
    statement="A missing audience is refused before any request, or the assertion contains a documented default.",
    variants={"absent": None, "empty": ""},
)
def test_missing_jwt_audience(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without an audience.

    Check: a configuration error before any request, or an assertion with an audience (RFC 7523 §3 names the
    token endpoint URL as one). An assertion without an audience is never sent.
    """
    client.obtain(jwt_audience=variant.value)
    requests = client.token_requests()
    if requests:
        audience = witness.assertion(requests[0]).claims.get("aud")
        require(
            audience and audience != [""],
            expected="a configuration error about jwt_audience, or an assertion with an audience",
            seen=f"an assertion with aud={audience!r} was sent",
            mark=Mark(text="assertion", exchange=0),
        )
        return
    require_refused_before_request(client, tenant, "jwt_audience", jwt_audience=variant.value)


@requirement(
    "config.missing-private-key",
    level=CONNECTOR,
    source="connector: mandatory (private key)",
    grants=[JWT_BEARER],
    statement="A missing private key is refused with a configuration error before any request.",
    variants=_BLANKS,
)
def test_missing_private_key(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure the JWT grant without a private key. Check: a configuration error, and no request."""
    require_refused_before_request(client, tenant, "private_key", private_key=variant.value)
