"""Promises of the connector document about grants and tokens."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    CONNECTOR,
    REFRESH_TOKEN,
    requirement,
)
from oauth_gauntlet_server import RotationPolicy, Tenant


# connector: "Access tokens are generated based on the selected grant type."
@requirement(
    "connector.mandatory-suffice",
    level=CONNECTOR,
    source="connector: the parameters listed are required",
    statement="The mandatory attributes of a grant are enough to get a token.",
)
def test_mandatory_suffice(client: LabClient) -> None:
    """Do: configure only what the document marks as mandatory for the grant.

    Check: the application gets a token.
    """
    client.configure()
    client.get_token()


# connector: "You can use OAuth 2.0 authentication where access tokens are used to authenticate a connection."
# and "The connector can use generated tokens."
@requirement(
    "connector.token-authenticates",
    level=CONNECTOR,
    source="connector: access tokens are used to authenticate a connection",
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


# connector: "exchange a refresh token for a new access token when the existing access token has expired. This
# allows to get a new session when the current session expires, without having to re-authenticate as
# frequently."
@requirement(
    "connector.new-session",
    level=CONNECTOR,
    source="connector: exchange a refresh token for a new access token",
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
    named = [name for name, _ in witness.form(client.token_request()) if name in {"username", "password"}]
    require(not named, expected="no user credentials", seen=", ".join(named), mark=Mark(text=named[0] if named else ""))


# connector: "The Client Credentials grant is used when applications request an access token to access their
# own resources, not on behalf of a user."
@requirement(
    "connector.own-behalf",
    level=CONNECTOR,
    source="connector: to access their own resources, not on behalf of a user",
    grants=[CLIENT_CREDENTIALS],
    statement="A client_credentials request contains no user, though one is configured.",
)
def test_own_behalf(client: LabClient) -> None:
    """Do: configure user, password and refresh token too. Check: the request contains none of them."""
    client.configure(username="gauntlet-user", password="gauntlet-user-password-4Kd9", refresh_token="left-over")
    client.get_token()
    names = {name for name, _ in witness.form(client.token_request())}
    foreign = sorted(names & {"username", "password", "refresh_token", "assertion", "subject_token", "code"})
    require(not foreign, expected="no user in the request", seen=", ".join(foreign), mark=Mark(text="".join(foreign[:1])))
