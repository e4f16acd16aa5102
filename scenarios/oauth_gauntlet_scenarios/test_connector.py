"""The connector document, parameter by parameter and promise by promise.

What the document calls for and OAuth does not is level `connector`; `docs/connector.md` goes through it sentence by
sentence and names the scenario of each.
"""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    CONNECTOR,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    requirement,
)
from oauth_gauntlet_server import RegisteredClient, RotationPolicy, Tenant

_AS_CONFIGURED = "the configured value, unchanged"


def _require_sent(client: LabClient, name: str, sent: str | None, configured: object) -> None:
    require(
        sent == configured,
        expected=f"{name}: {_AS_CONFIGURED} ({configured!r})",
        seen=f"{sent!r}",
        mark=Mark(text=f"{name}=" if witness.values(client.token_request(), name) else "grant_type"),
    )


# connector: "Access tokens are generated based on the selected grant type."
@requirement(
    "connector.mandatory-suffice",
    level=CONNECTOR,
    source="connector: the parameters listed are required",
    statement="With the mandatory attributes of a grant alone a token is got.",
)
def test_mandatory_suffice(client: LabClient) -> None:
    """Do: configure what the document marks as mandatory for the grant, and nothing else. Check: a token."""
    client.configure()
    client.get_token()


# connector: "You can use OAuth 2.0 authentication where access tokens are used to authenticate a connection." and "The
# connector can use generated tokens."
@requirement(
    "connector.token-authenticates",
    level=CONNECTOR,
    source="connector: access tokens are used to authenticate a connection",
    capabilities=["resource"],
    statement="The generated access token authenticates the connection to the application.",
)
def test_token_authenticates(client: LabClient, tenant: Tenant) -> None:
    """Do: a request to the protected resource through the client. Check: it is answered 200, to a token issued here."""
    response = client.request()
    require(response.status == 200, expected="the resource's 200", seen=described(response))
    scheme, token = witness.authorization(tenant.journal.requests("resource")[-1])
    require(
        scheme == "bearer" and tenant.active(token) is not None,
        expected="an access token of this server in the Authorization header",
        seen=f"Authorization: {scheme} {token[:20]}",
        mark=Mark(text="uthorization"),
    )


# connector: "URL for generating access token"
@requirement(
    "connector.token-url",
    level=CONNECTOR,
    source="connector: URL for generating access token",
    statement="The token is asked for at the configured URL, and nothing is asked for elsewhere.",
)
def test_token_url(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token. Check: every request went to the configured token URL."""
    client.get_token()
    strays = [request.target for request in tenant.journal.requests() if not tenant.token_url.endswith(request.target)]
    require(
        not strays and tenant.journal.count("token") > 0,
        expected=f"requests to {tenant.token_url} only",
        seen=f"requests to {', '.join(strays) or 'nowhere'}",
        mark=Mark(text=strays[0] if strays else "", exchange=0),
    )


# connector: "Client ID for OAuth 2.0 authentication. The client identifier issued to the client during the registration
# process for OAuth 2.0 on the SCIM 2.0 server."
@requirement(
    "connector.client-id",
    level=CONNECTOR,
    source="connector: Client ID",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="The client identifies itself by the identifier that it was given at registration.",
)
def test_client_id(client: LabClient) -> None:
    """Do: a client id as registrations give it (letters, digits, dots, dashes). Check: header or body carries it."""
    configured = "0oa8Fx.SCIM-connector_42~prod"
    client.configure(client_id=configured, **_session_of(client, configured))
    client.get_token()
    _require_sent(client, "client_id", witness.presented_client(client.token_request())[0], configured)


# connector: "The client secret pertaining to the provided Client ID."
@requirement(
    "connector.client-secret",
    level=CONNECTOR,
    source="connector: Client Secret",
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    statement="The client proves itself by the configured secret.",
)
def test_client_secret(client: LabClient) -> None:
    """Do: a secret of 64 characters. Check: header or body carries it."""
    configured = "s3cr3t-" + "Ab9_" * 14 + "z"
    client.configure(client_secret=configured)
    client.get_token()
    _require_sent(client, "client_secret", witness.presented_client(client.token_request())[1], configured)


def _session_of(client: LabClient, client_id: str) -> dict[str, str]:
    """Return a refresh token of that client, where the grant needs one."""
    if client.grant is not GrantType.REFRESH_TOKEN:
        return {}
    client.tenant.register_client(
        RegisteredClient(client_id=client_id, client_secret=str(client.configuration()["client_secret"]))
    )
    return {"refresh_token": client.tenant.mint_refresh_token(client_id, username="gauntlet-user")}


# connector: "The refresh token provided by the application used to generate an access token."
@requirement(
    "connector.refresh-token",
    level=CONNECTOR,
    source="connector: refresh token",
    grants=[REFRESH_TOKEN],
    statement="The refresh token that the application provided is used to get the access token.",
)
def test_refresh_token(client: LabClient) -> None:
    """Do: get a token. Check: the request carries the configured refresh token."""
    client.get_token()
    sent = witness.value(client.token_request(), "refresh_token")
    _require_sent(client, "refresh_token", sent, client.config["refresh_token"])


# connector: "exchange a refresh token for a new access token when the existing access token has expired. This allows to
# get a new session when the current session expires, without having to re-authenticate as frequently."
@requirement(
    "connector.new-session",
    level=CONNECTOR,
    source="connector: exchange a refresh token for a new access token",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="When the access token has expired, the refresh token brings a new one, without the user.",
)
def test_new_session(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token, let it expire at the server, have the client refresh. Check: another, active token; no user in it."""
    tenant.configure(rotation=RotationPolicy.ROTATE)  # so that each answer brings the refresh token that comes next
    first = client.get_token()
    tenant.clock.advance(2 * 3600)
    second = client.refresh()
    require(
        second.access_token != first.access_token and tenant.active(str(second.access_token)) is not None,
        expected="a new access token that the server takes",
        seen=described(second),
    )
    named = [name for name, _ in witness.form(client.token_request()) if name in {"username", "password"}]
    require(not named, expected="no user credentials", seen=", ".join(named), mark=Mark(text=named[0] if named else ""))


# connector: "The Client Credentials grant is used when applications request an access token to access their own
# resources, not on behalf of a user."
@requirement(
    "connector.own-behalf",
    level=CONNECTOR,
    source="connector: to access their own resources, not on behalf of a user",
    grants=[CLIENT_CREDENTIALS],
    statement="A client_credentials request speaks of no user, though one is configured.",
)
def test_own_behalf(client: LabClient) -> None:
    """Do: user, password and refresh token are configured too. Check: the request carries none of them."""
    client.configure(username="gauntlet-user", password="gauntlet-user-password-4Kd9", refresh_token="left-over")
    client.get_token()
    names = {name for name, _ in witness.form(client.token_request())}
    foreign = sorted(names & {"username", "password", "refresh_token", "assertion", "subject_token", "code"})
    require(not foreign, expected="no user in the request", seen=", ".join(foreign), mark=Mark(text="".join(foreign[:1])))


# connector: "A JWT contains encoded JSON objects ... These tokens have a specific structure consisting of a header,
# payload, and signature."
@requirement(
    "connector.jwt-structure",
    level=CONNECTOR,
    source="connector: a header, payload, and signature",
    grants=[JWT_BEARER],
    statement="The assertion has a header, a payload and a signature, the first two of them JSON objects.",
)
def test_jwt_structure(client: LabClient) -> None:
    """Do: get a token. Check: three parts, two JSON objects, and a signature that is not empty."""
    client.get_token()
    found = witness.assertion(client.token_request())
    require(
        found.header and found.claims and found.signature,
        expected="a header, a payload and a signature",
        seen=f"{len(found.header)} header members, {len(found.claims)} claims, a signature of {len(found.signature)} octets",
        mark=Mark(text="assertion="),
    )


# connector: "is signed using a signing algorithm to ensure that the claims cannot be altered after the token is issued"
@requirement(
    "connector.jwt-unalterable",
    level=CONNECTOR,
    source="connector: the claims cannot be altered after the token is issued",
    grants=[JWT_BEARER],
    statement="The signature covers the claims: as sent they verify, altered they do not.",
)
def test_jwt_unalterable(client: LabClient) -> None:
    """Do: get a token. Check: the signature verifies with the key's public half, and fails once a claim is changed."""
    client.get_token()
    found = witness.assertion(client.token_request())
    problem = witness.signature_problem(found, "rsa")
    require(problem is None, expected="a signature that verifies", seen=f"{problem}", mark=Mark(text="assertion="))
    altered = witness.with_claims(found, {**found.claims, "sub": "somebody-else"})
    require(
        witness.signature_problem(altered, "rsa") is not None,
        expected="a signature that no longer verifies when the subject is changed",
        seen="it verifies whatever the claims say",
        mark=Mark(text="assertion="),
    )


# connector: "Username to be used for OAuth2 authentication."
@requirement(
    "connector.username",
    level=CONNECTOR,
    source="connector: Username",
    grants=[PASSWORD],
    statement="The configured user name is the one that is sent.",
)
def test_username(client: LabClient) -> None:
    """Do: a user name as directories have them. Check: it arrives unchanged."""
    configured = "CORP\\svc.scim+sync@tenant.example"
    client.configure(username=configured)
    client.get_token()
    _require_sent(client, "username", witness.value(client.token_request(), "username"), configured)


# connector: "Password to be used for OAuth2 authentication."
@requirement(
    "connector.password",
    level=CONNECTOR,
    source="connector: Password",
    grants=[PASSWORD],
    statement="The configured password is the one that is sent.",
)
def test_password(client: LabClient) -> None:
    """Do: a password with every kind of ASCII punctuation. Check: it arrives unchanged."""
    configured = "p!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~w"
    client.configure(password=configured)
    client.get_token()
    _require_sent(client, "password", witness.value(client.token_request(), "password"), configured)
