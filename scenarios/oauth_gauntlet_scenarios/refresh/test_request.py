"""The refresh request: parameters, scope, destination."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import MUST, PASSWORD, REFRESH_TOKEN, requirement
from oauth_gauntlet_scenarios.refresh.held_token import WITH_REFRESH_TOKEN, sent_token
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §6: grant_type REQUIRED "refresh_token", refresh_token REQUIRED; a client that was issued
# credentials authenticates.
@requirement(
    "refresh.request",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    statement="A refresh request contains grant_type=refresh_token and the refresh token, and authenticates the client.",
)
def test_request(client: LabClient) -> None:
    """Do: get a token with the refresh_token grant.

    Check: both parameters, and the configured client's credentials.
    """
    client.get_token()
    request = client.token_request()
    require(
        (witness.value(request, "grant_type"), sent_token(client)) == ("refresh_token", client.config["refresh_token"]),
        expected="grant_type=refresh_token and the configured refresh token",
        seen=f"grant_type={witness.value(request, 'grant_type')}, refresh_token={sent_token(client)}",
        mark=Mark(text="refresh_token"),
    )
    sent = witness.presented_client(request)
    require(
        sent == (client.config["client_id"], client.config["client_secret"]),
        expected="the configured client id and secret",
        seen=f"client id {sent[0]!r}",
        mark=Mark(text=request.header("authorization") or "client_id"),
    )


# RFC 6749 §6: "The requested scope MUST NOT include any scope not originally granted by the resource owner".
@requirement(
    "refresh.scope-not-widened",
    level=MUST,
    source="RFC 6749 6",
    grants=[PASSWORD],
    capabilities=["refresh"],
    parameters=["scope"],
    statement="A refresh request contains no scope that was not granted.",
)
def test_scope_not_widened(client: LabClient, tenant: Tenant) -> None:
    """Do: request "read write", the server grants "read"; then refresh. Check: no scope, or "read" only.

    RFC 6749 §6 is about the granted scope, which the server states in its response (§5.1).
    """
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read"), times=1)
    client.configure(scope="read write")
    client.get_token()
    client.try_refresh()
    request = client.token_request()
    if witness.value(request, "grant_type") != "refresh_token":
        return
    requested = set((witness.value(request, "scope") or "").split())
    require(
        requested <= {"read"},
        expected="no scope, or read",
        seen=f"scope={' '.join(sorted(requested))}",
        mark=Mark(text="scope="),
    )


# RFC 6749 §1.5: "refresh tokens are intended for use only with authorization servers and are never sent to
# resource servers."
@requirement(
    "refresh.never-to-resource",
    level=MUST,
    source="RFC 6749 1.5",
    grants=WITH_REFRESH_TOKEN,
    capabilities=["resource"],
    statement="The client sends a refresh token to the token endpoint only.",
)
def test_never_to_resource(client: LabClient, tenant: Tenant) -> None:
    """Do: let the client send a request to a protected resource.

    Check: the request does not contain the refresh token.
    """
    client.get_token()
    held = {str(client.config.get("refresh_token"))}
    for exchange in tenant.journal.exchanges("token"):
        if exchange.response is not None:
            held.add(str(exchange.response.json().get("refresh_token")))
    client.try_request()
    requests = tenant.journal.requests("resource")
    require(requests, expected="a request at the protected resource", seen="no request there")
    for request in requests:
        leaked = [token for token in held - {"None"} if token.encode() in request.raw]
        require(
            not leaked,
            expected="a request without the refresh token",
            seen="the request contains the refresh token",
            mark=Mark(text=leaked[0] if leaked else ""),
        )
