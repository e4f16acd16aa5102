"""Public clients: the authentication method `none`."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, PASSWORD, REFRESH, REFRESH_TOKEN, practice, quote, requirement
from oauth_gauntlet_scenarios.auth.authorization import authorization_mark
from oauth_gauntlet_server import RecordedRequest, Tenant

_GRANTS = [REFRESH_TOKEN, PASSWORD]
"""RFC 6749 4.4: "The client credentials grant type MUST only be used by confidential clients." """


def _public_request(client: LabClient, tenant: Tenant) -> RecordedRequest:
    """Return the token request of a public client; a server that grants everything leaves the verdict to the scenario."""
    tenant.configure(strict=False)
    client.configure(token_endpoint_auth_method="none", client_secret=None)
    client.try_get_token()
    return client.token_request()


# Not a must: a secret that does not exist may be the empty string (RFC 6749 A.2), which 2.3.1 lets a client send, in the body
# or by Basic. No sentence forbids a public client to do so.
@requirement(
    "auth.none-has-no-secret",
    level=INTEROP,
    basis=[
        practice("Servers refuse a client that is registered without a secret and authenticates nevertheless."),
        quote(
            "RFC 7591 2",
            '"none": The client is a public client as defined in OAuth 2.0, Section 2.1, and does not have a client secret.',
        ),
    ],
    grants=_GRANTS,
    auth_methods=["none"],
    statement="A public client sends no secret and no Authorization header.",
)
def test_none_has_no_secret(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token as a public client without a secret.

    Check: no Authorization header, and no client_secret with a value.
    """
    request = _public_request(client, tenant)
    require(
        not any(witness.values(request, "client_secret")) and request.header("authorization") is None,
        expected="no client_secret and no Authorization header",
        seen=f"{witness.shown(request, 'client_secret')}, Authorization: {request.header('authorization') or 'absent'}",
        mark=authorization_mark(client) if request.header("authorization") else Mark(text="client_secret"),
    )


# Not a must: RFC 6749 demands client_id of an unauthenticated client in the authorization_code request only.
@requirement(
    "auth.none-sends-client-id",
    level=INTEROP,
    basis=[
        practice("Servers that issue refresh tokens to public clients look up the client by client_id, and refuse without it."),
        quote(
            "RFC 6749 3.2.1",
            'A client MAY use the "client_id" request parameter to identify itself when sending requests to the token '
            "endpoint.",
        ),
    ],
    grants=_GRANTS,
    auth_methods=["none"],
    renewals=[REFRESH],
    statement="A public client identifies itself by client_id.",
)
def test_none_sends_client_id(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token as a public client without a secret.

    Check: client_id in the body, as configured. (Basic with an empty password is the matter of auth.none-has-no-secret.)
    """
    request = _public_request(client, tenant)
    sent = witness.presented_client(request)[0]
    require(
        sent == client.config["client_id"],
        expected=f"client_id={client.config['client_id']} in the body",
        seen=f"client_id={sent}" if sent is not None else "no client_id",
        mark=Mark(text="client_id" if sent else "grant_type"),
    )
