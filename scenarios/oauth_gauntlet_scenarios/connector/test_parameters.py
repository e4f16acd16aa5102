"""Parameters of the connector: each arrives as it was configured."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    PASSWORD,
    PROFILE,
    REFRESH_TOKEN,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_server import RegisteredClient, Tenant

_AS_CONFIGURED = "the configured value, unchanged"


def _require_sent(client: LabClient, name: str, sent: str | None, configured: object) -> None:
    require(
        sent == configured,
        expected=f"{name}: {_AS_CONFIGURED} ({configured!r})",
        seen=f"{name}: {sent!r}",
        mark=Mark(text=f"{name}=" if witness.values(client.token_request(), name) else "grant_type"),
    )


@requirement(
    "connector.token-url",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("URL for generating access token"),
    covered_by=["http.exact-path", "request.url-query-kept"],
    statement="The client sends its token requests to the configured URL, and no request elsewhere.",
)
def test_token_url(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: every request went to the path of the configured token URL; it may have a query."""
    client.get_token()
    path = urlsplit(tenant.token_url).path
    strays = [request.target for request in tenant.journal.requests() if urlsplit(request.target).path != path]
    require(
        not strays and tenant.journal.count("token") > 0,
        expected=f"requests to {tenant.token_url} only",
        seen=f"requests to {', '.join(strays) or 'nowhere'}",
        mark=Mark(text=strays[0] if strays else "", exchange=0),
    )


@requirement(
    "connector.client-id",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page(
        "Client ID for OAuth 2.0 authentication. The client identifier issued to the client during the registration process "
        "for OAuth 2.0 on the SCIM 2.0 server."
    ),
    covered_by=["auth.basic-form-urlencoded", "auth.post-in-body", "encoding.client-roundtrip"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="The client identifies itself with the identifier issued at registration.",
)
def test_client_id(client: LabClient) -> None:
    """Do: configure a typical client id (letters, digits, dots, dashes).

    Check: header or body contains it.
    """
    configured = "0oa8Fx.SCIM-connector_42~prod"
    client.configure(client_id=configured, **_session_of(client, configured))
    client.get_token()
    _require_sent(client, "client_id", witness.presented_client(client.token_request())[0], configured)


@requirement(
    "connector.client-secret",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("The client secret pertaining to the provided Client ID."),
    covered_by=["auth.basic-form-urlencoded", "auth.post-in-body", "encoding.client-roundtrip"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="The client authenticates with the configured secret.",
)
def test_client_secret(client: LabClient) -> None:
    """Do: configure a secret of 64 characters. Check: header or body contains it."""
    configured = "s3cr3t-" + "Ab9_" * 14 + "z"
    client.configure(client_secret=configured)
    client.get_token()
    _require_sent(client, "client_secret", witness.presented_client(client.token_request())[1], configured)


def _session_of(client: LabClient, client_id: str) -> dict[str, str]:
    """Return the configuration of a refresh token of that client, or nothing if the grant needs none."""
    if client.grant is not GrantType.REFRESH_TOKEN:
        return {}
    client.tenant.register_client(
        RegisteredClient(client_id=client_id, client_secret=str(client.configuration()["client_secret"]))
    )
    return {"refresh_token": client.tenant.mint_refresh_token(client_id, username="gauntlet-user")}


@requirement(
    "connector.refresh-token",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("The refresh token provided by the application used to generate an access token."),
    covered_by=["refresh.request", "encoding.reserved"],
    grants=[REFRESH_TOKEN],
    statement="The client uses the refresh token that the application provided to get the access token.",
)
def test_refresh_token(client: LabClient) -> None:
    """Do: get a token. Check: the request contains the configured refresh token."""
    client.get_token()
    sent = witness.value(client.token_request(), "refresh_token")
    _require_sent(client, "refresh_token", sent, client.config["refresh_token"])


@requirement(
    "connector.username",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("Username to be used for OAuth2 authentication."),
    covered_by=["encoding.reserved", "encoding.non-ascii"],
    grants=[PASSWORD],
    statement="The client sends the configured user name unchanged.",
)
def test_username(client: LabClient) -> None:
    """Do: configure a user name as directories have it. Check: it arrives unchanged."""
    configured = "CORP\\svc.scim+sync@tenant.example"
    client.configure(username=configured)
    client.get_token()
    _require_sent(client, "username", witness.value(client.token_request(), "username"), configured)


@requirement(
    "connector.password",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page("Password to be used for OAuth2 authentication."),
    covered_by=["encoding.reserved", "encoding.appendix-b"],
    grants=[PASSWORD],
    statement="The client sends the configured password unchanged.",
)
def test_password(client: LabClient) -> None:
    """Do: configure a password with all ASCII punctuation. Check: it arrives unchanged."""
    configured = "p!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~w"
    client.configure(password=configured)
    client.get_token()
    _require_sent(client, "password", witness.value(client.token_request(), "password"), configured)
