"""The requests at the protected resource, and the token that they should contain."""

from __future__ import annotations

import json

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import JSON, ErrorInfo, ResourceResponse
from oauth_gauntlet_server import RecordedRequest, Tenant, faults

RESOURCE = ["resource"]

INVALID_TOKEN = faults.http_status(
    401,
    '{"error": "invalid_token"}',
    content_type="application/json",
    headers=(("WWW-Authenticate", 'Bearer realm="gauntlet", error="invalid_token"'),),
)
"""The resource refuses a token as invalid, like one that was revoked early (RFC 6750 3.1)."""


def resource_requests(tenant: Tenant) -> tuple[RecordedRequest, ...]:
    """Return the requests at the protected resource; without one nothing is known about them."""
    requests = tenant.journal.requests("resource")
    if not requests:
        untestable("no request arrived at the protected resource")
    return requests


def issued_tokens(client: LabClient) -> tuple[str, ...]:
    """Return the access tokens that the server issued, in order; a client that has several may use each of them."""
    return tuple(str(grant["access_token"]) for grant in client.grants())


def show_that_requests_are_accepted(client: LabClient) -> None:
    """Show that the resource accepts the client's request when nothing is under test, and start again.

    How the client sends its token is not under test either: the resource also takes it from the query.
    """
    client.tenant.configure(token_in_query=True)
    answer = client.try_request()
    resource_requests(client.tenant)
    if not is_success(answer):
        untestable(f"the resource does not accept the client's request with a plain token: {described(answer)}")
    client.fresh()


def show_that_requests_arrive(client: LabClient) -> None:
    """Show that the client sends a request to a resource when nothing is under test, then configure it.

    The plain token belongs to another tenant: a client that keeps tokens by configuration would use it again.
    """
    other = client.at_another_tenant()
    other.try_request()
    resource_requests(other.tenant)
    client.configure()


def hold_a_revoked_token(client: LabClient) -> None:
    """Let the client use the resource, then revoke its tokens; the journal starts empty after that.

    Raises:
        Untestable: the resource does not accept the client's request with a good token.
    """
    # How the client sends its token is not under test here: the resource also takes it from the query.
    client.tenant.configure(token_in_query=True)
    answer = client.try_request()
    resource_requests(client.tenant)
    if not is_success(answer):
        untestable(f"the resource does not accept the client's request with a plain token: {described(answer)}")
    revoke_access_tokens(client)
    client.tenant.journal.clear()


def revoke_access_tokens(client: LabClient) -> None:
    """Revoke every access token that the server has issued; the sessions go on."""
    for token in issued_tokens(client):
        client.tenant.revoke(token)


def is_success(answer: object) -> bool:
    """Return whether an answer is the resource's response with HTTP 200."""
    return isinstance(answer, ResourceResponse) and answer.status == 200


def path_of(answer: ResourceResponse | ErrorInfo) -> JSON:
    """Return the path that a response of the resource names; None for a refusal, an error, or anything else."""
    try:
        document = json.loads(answer.body) if isinstance(answer, ResourceResponse) else None
    except ValueError:
        return None
    return document.get("path") if isinstance(document, dict) else None
