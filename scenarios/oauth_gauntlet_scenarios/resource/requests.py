"""The requests at the protected resource, and the token that they should contain."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet_server import RecordedRequest, Tenant

RESOURCE = ["resource"]


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
    if not isinstance(answer, ResourceResponse) or answer.status != 200:
        untestable(f"the resource does not accept the client's request with a plain token: {described(answer)}")
    client.fresh()


def show_that_requests_arrive(client: LabClient) -> None:
    """Show that the client sends a request to the resource when nothing is under test, and start again."""
    client.try_request()
    resource_requests(client.tenant)
    client.fresh()
