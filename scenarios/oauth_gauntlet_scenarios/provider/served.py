"""Let the mock server answer with the documents of a provider."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.registration import CLIENT_ID, USERNAME
from oauth_gauntlet_scenarios.provider.provider import Failure, Refusal, Success
from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import ArmedFault, Fault

_OF_THE_SERVER = ("token_type", "expires_in", "scope", "refresh_token")
"""The members that the mock server itself may send beside the access token."""


def serve_success(client: LabClient, success: Success) -> ArmedFault:
    """Let each token response be this document. Its tokens are tokens of the mock server, and live as long as it says.

    Times in the document count from now, also after a change of the clock.
    """
    tenant = client.tenant
    tenant.configure(access_token_lifetime_s=success.lifetime_s)
    refresh_token = tenant.mint_refresh_token(CLIENT_ID, username=USERNAME)
    members = success.members(now=tenant.clock.now(), access_token="", refresh_token=refresh_token)
    changed = [faults.token_member(name, value) for name, value in members.items() if name != "access_token"]
    removed = [faults.without_token_member(name) for name in _OF_THE_SERVER if name not in members]
    return tenant.arm(faults.all_of(*changed, *removed))


def error_answer(error: Failure) -> Fault:
    """Return a fault that answers a token request with this error."""
    return faults.http_status(error.status, error.body, content_type="application/json")


def refusal_answer(refusal: Refusal) -> Fault:
    """Return a fault with which a resource refuses an access token."""
    fields = [("WWW-Authenticate", challenge) for challenge in refusal.challenges]
    content_type = "application/json" if refusal.body else None
    return faults.http_status(refusal.status, refusal.body, content_type=content_type, headers=fields)
