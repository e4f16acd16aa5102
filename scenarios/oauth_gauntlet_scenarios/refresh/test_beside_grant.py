"""A refresh token beside a grant that needs none: the client uses it or ignores it, and never loses its access by it."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.registration import CLIENT_ID, USERNAME
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    JWT_BEARER,
    SERVER,
    Variant,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant, faults


# Both ways are right: the refresh token may be used, and the client can also authenticate again. The server may refuse a
# refresh of this client with any of the errors of RFC 6749 5.2.
@requirement(
    "refresh.beside-grant",
    level=INTEROP,
    basis=[
        practice(
            "Keycloak, ServiceNow and other servers send a refresh token with each grant, but do not let every client use it. "
            "The credentials of the grant are still good then."
        ),
        quote("RFC 6749 4.4.3", "A refresh token SHOULD NOT be included.", binds=SERVER),
    ],
    covered_by=["expiry.renewed-after", "request.one-per-token"],
    grants=[CLIENT_CREDENTIALS, JWT_BEARER],
    capabilities=RENEWS,
    statement="A refresh token beside a token for client credentials or an assertion never costs the client its access.",
    variants={
        "expired": "invalid_grant",
        "not-allowed": "unauthorized_client",
        "not-supported": "unsupported_grant_type",
    },
)
def test_beside_grant(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token response has a refresh token; the access token expires; the server refuses each refresh.

    Check: a new access token nevertheless, at the first or the second call after the end.
    """
    client.control()
    refresh_token = tenant.mint_refresh_token(CLIENT_ID, username=USERNAME)
    tenant.arm(faults.token_member("refresh_token", refresh_token))
    tenant.arm(faults.oauth_error(variant.value), grant="refresh_token")
    first = client.get_token()
    client.advance(HOUR_S + 1)
    answer = client.try_get_token()
    if not isinstance(answer, Token):
        answer = client.try_get_token()
    used = [witness.value(request, "grant_type") for request in client.token_requests()[1:]]
    if "refresh_token" not in used and client.grants()[0].get("refresh_token") == refresh_token:
        # The refresh token was delivered, and the client ignores it: there is nothing to refuse.
        tenant.armed.forget()
    require(
        isinstance(answer, Token) and answer.access_token != first.access_token,
        expected="a new access token by the grant itself, after the server refused the refresh token that came beside it",
        seen=f"{described(answer)}, after requests with grant_type {', '.join(map(str, used)) or 'none'}",
        mark=Mark(text="grant_type=refresh_token"),
    )
