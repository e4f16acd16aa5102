"""What the connector's page says about grants and tokens."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    PROFILE,
    REFRESH_TOKEN,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_server import RotationPolicy, Tenant


@requirement(
    "connector.mandatory-suffice",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page("The parameters listed below are required when you select the Refresh Token grant type."),
        connector_page("Attributes marked with * are mandatory attributes."),
    ],
    covered_by=["sanity.first"],
    statement="The mandatory attributes of a grant are enough to get a token.",
)
def test_mandatory_suffice(client: LabClient) -> None:
    """Do: configure only what the page lists as required for the grant.

    Check: the application gets a token.
    """
    client.configure()
    client.get_token()


@requirement(
    "connector.token-authenticates",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page("You can use OAuth 2.0 authentication where access tokens are used to authenticate a connection."),
        connector_page("The connector can use generated tokens."),
    ],
    covered_by=["resource.bearer-header"],
    capabilities=["resource"],
    statement="The generated access token authenticates the connection to the application.",
)
def test_token_authenticates(client: LabClient, tenant: Tenant) -> None:
    """Do: send a request to the protected resource through the client.

    Check: HTTP 200, with a token of this server.
    """
    response = client.request()
    require(response.status == 200, expected="the resource's 200", seen=described(response))
    scheme, token = witness.authorization(tenant.journal.requests("resource")[-1])
    require(
        scheme == "bearer" and tenant.active(token) is not None,
        expected="an access token of this server in the Authorization header",
        seen=f"Authorization: {scheme} {token[:20]}",
        mark=Mark(text="uthorization"),
    )


@requirement(
    "connector.new-session",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=[
        connector_page(
            "This grant type is used by clients in order to exchange a refresh token for a new access token when the existing "
            "access token has expired."
        ),
        connector_page(
            "This allows to get a new session when the current session expires, without having to re-authenticate as "
            "frequently."
        ),
    ],
    covered_by=["refresh.request", "refresh.rotation-replaces", "refresh.many-generations"],
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="When the access token has expired, the client gets a new one with the refresh token, without the user.",
)
def test_new_session(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, let it expire at the server, refresh.

    Check: another, active token; no user in the request.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)  # so that each response contains the next refresh token
    first = client.get_token()
    tenant.clock.advance(2 * 3600)
    second = client.refresh()
    require(
        second.access_token != first.access_token and tenant.active(str(second.access_token)) is not None,
        expected="a new, active access token",
        seen=described(second),
    )
    named = [name for name, value in witness.form(client.token_request()) if value and name in {"username", "password"}]
    require(not named, expected="no user credentials", seen=", ".join(named), mark=Mark(text=named[0] if named else ""))


@requirement(
    "connector.own-behalf",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page(
        "The Client Credentials grant is used when applications request an access token to access their own resources, not on "
        "behalf of a user."
    ),
    covered_by=["request.known-parameters"],
    grants=[CLIENT_CREDENTIALS],
    statement="A client_credentials request contains no user, though one is configured.",
)
def test_own_behalf(client: LabClient) -> None:
    """Do: configure user, password and refresh token too. Check: the request contains no value of these parameters."""
    client.obtain(username="gauntlet-user", password="gauntlet-user-password-4Kd9", refresh_token="left-over")
    named = {name for name, value in witness.form(client.token_request()) if value}
    foreign = sorted(named & {"username", "password", "refresh_token"})
    require(not foreign, expected="no user in the request", seen=", ".join(foreign), mark=Mark(text="".join(foreign[:1])))
