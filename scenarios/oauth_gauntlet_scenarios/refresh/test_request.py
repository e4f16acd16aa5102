"""The refresh request: parameters, scope, destination."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, practice, quote, requirement
from oauth_gauntlet_scenarios.refresh.held_token import WITH_REFRESH_TOKEN, begin_session, sent_token
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "refresh.request",
    level=MUST,
    basis=[
        quote("RFC 6749 6", 'REQUIRED. Value MUST be set to "refresh_token".'),
        quote("RFC 6749 6", "REQUIRED. The refresh token issued to the client."),
        quote(
            "RFC 6749 6",
            "If the client type is confidential or the client was issued client credentials (or assigned other authentication "
            "requirements), the client MUST authenticate with the authorization server as described in Section 3.2.1.",
        ),
    ],
    grants=[REFRESH_TOKEN],
    refused_as=["The refresh token is unknown", "The parameter refresh_token is missing"],
    statement="A refresh request contains grant_type=refresh_token and the refresh token, and authenticates the client.",
)
def test_request(client: LabClient) -> None:
    """Do: get a token with the refresh_token grant.

    Check: both parameters, and the configured client's credentials.
    """
    client.try_get_token()
    if not client.token_requests():
        untestable("no request arrived at the token endpoint")
    request = client.token_request()
    require(
        (witness.value(request, "grant_type"), sent_token(client)) == ("refresh_token", client.config["refresh_token"]),
        expected="grant_type=refresh_token and the configured refresh token",
        seen=witness.shown(request, "grant_type", "refresh_token"),
        mark=Mark(text="refresh_token"),
    )
    sent = witness.presented_client(request)
    require(
        sent == (client.config["client_id"], client.config["client_secret"]),
        expected="the configured client id and secret",
        seen=f"client id {sent[0]!r}, {'no client secret' if not sent[1] else 'with a client secret'}",
        mark=Mark(text=request.header("authorization") or "client_id"),
    )


# What the resource owner granted does not show: a server may narrow a scope by its own policy (RFC 6749 3.3), and then the
# owner has granted what was requested. Therefore this is no MUST. A client may repeat the scope of the last response.
@requirement(
    "refresh.scope-not-widened",
    level=INTEROP,
    basis=[
        practice("Servers answer invalid_scope to a refresh that asks for more than the last response granted."),
        quote("RFC 6749 6", "The requested scope MUST NOT include any scope not originally granted by the resource owner"),
    ],
    grants=[PASSWORD],
    capabilities=["refresh"],
    parameters=["scope"],
    refused_as=["The scope exceeds what was originally granted"],
    statement="A refresh request contains no scope that the last response did not grant.",
)
def test_scope_not_widened(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write", the server grants "read"; then refresh. Check: no scope, or "read" only.

    A client that refuses the narrower scope has nothing to refresh.
    """
    client.control(scope="read write")
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read"), times=1)
    client.configure(scope="read write")
    if isinstance(client.try_get_token(), ErrorInfo):
        return
    client.try_refresh()
    request = client.token_request()
    if witness.value(request, "grant_type") != "refresh_token":
        untestable("the client sent no refresh request")
    requested = set((witness.value(request, "scope") or "").split())
    require(
        requested <= {"read"},
        expected="no scope, or read",
        seen=f"the refresh asks for more than the last response granted: scope={' '.join(sorted(requested))}",
        mark=Mark(text="scope="),
    )


@requirement(
    "refresh.never-to-resource",
    level=MUST,
    basis=[
        quote(
            "RFC 6749 10.4",
            "Refresh tokens MUST be kept confidential in transit and storage, and shared only among the authorization server "
            "and the client to whom the refresh tokens were issued.",
        ),
        quote(
            "RFC 6749 1.5",
            "Unlike access tokens, refresh tokens are intended for use only with authorization servers and are never sent to "
            "resource servers.",
        ),
    ],
    grants=WITH_REFRESH_TOKEN,
    capabilities=["resource"],
    statement="The client sends a refresh token to the token endpoint only.",
)
def test_never_to_resource(client: LabClient, tenant: Tenant) -> None:
    """Do: let the client send a request to a protected resource.

    Check: the request does not contain the refresh token.
    """
    begin_session(client)
    held = {str(client.config.get("refresh_token"))}
    for exchange in tenant.journal.exchanges("token"):
        if exchange.response is not None:
            held.add(str(exchange.response.json().get("refresh_token")))
    client.try_request()
    requests = tenant.journal.requests("resource")
    if not requests:
        untestable("no request arrived at the protected resource")
    for request in requests:
        leaked = [token for token in held - {"None"} if token.encode() in request.raw]
        require(
            not leaked,
            expected="a request without the refresh token",
            seen="the request contains the refresh token",
            mark=Mark(text=leaked[0] if leaked else ""),
        )
