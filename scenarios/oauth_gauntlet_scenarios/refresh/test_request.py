"""The refresh request: parameters, scope, destination."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import MUST, PASSWORD, REFRESH_TOKEN, requirement
from oauth_gauntlet_scenarios.refresh.held_token import HOLDS_ONE, sent_token
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §6: grant_type REQUIRED "refresh_token", refresh_token REQUIRED; a client that was issued credentials
# authenticates.
@requirement(
    "refresh.request",
    level=MUST,
    source="RFC 6749 6",
    grants=[REFRESH_TOKEN],
    statement="A refresh request carries grant_type=refresh_token and the token, and authenticates the client.",
)
def test_request(client: LabClient) -> None:
    """Do: get a token by the refresh_token grant. Check: both parameters, and the configured client's credentials."""
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
    statement="A refresh request asks for no scope that was not granted.",
)
def test_scope_not_widened(client: LabClient, tenant: Tenant) -> None:
    """Do: ask for "read write", be granted "read", then refresh. Check: scope is left out, or is "read" at most.

    RFC 6749 §6 speaks of what was granted, and §5.1 lets the server say so in the answer.
    """
    tenant.configure(strict=False)
    tenant.arm(faults.token_member("scope", "read"), times=1)
    client.configure(scope="read write")
    client.get_token()
    client.try_refresh()
    request = client.token_request()
    if witness.value(request, "grant_type") != "refresh_token":
        return
    asked = set((witness.value(request, "scope") or "").split())
    require(
        asked <= {"read"},
        expected="no scope, or read",
        seen=f"scope={' '.join(sorted(asked))}",
        mark=Mark(text="scope="),
    )


# RFC 6749 §1.5: "refresh tokens are intended for use only with authorization servers and are never sent to resource
# servers."
@requirement(
    "refresh.never-to-resource",
    level=MUST,
    source="RFC 6749 1.5",
    grants=HOLDS_ONE,
    capabilities=["resource"],
    statement="A refresh token goes to the token endpoint only.",
)
def test_never_to_resource(client: LabClient, tenant: Tenant) -> None:
    """Do: have the client make a request to a protected resource. Check: the refresh token is nowhere in it."""
    client.get_token()
    held = {str(client.config.get("refresh_token"))}
    for exchange in tenant.journal.exchanges("token"):
        if exchange.response is not None:
            held.add(str(exchange.response.json().get("refresh_token")))
    client.try_request()
    requests = tenant.journal.requests("resource")
    require(requests, expected="a request at the protected resource", seen="none arrived there")
    for request in requests:
        leaked = [token for token in held - {"None"} if token.encode() in request.raw]
        require(
            not leaked,
            expected="a request without the refresh token",
            seen="the refresh token is in it",
            mark=Mark(text=leaked[0] if leaked else ""),
        )
