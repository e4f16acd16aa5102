"""The requests at the protected resource, and the token that they should contain."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet_server import RecordedRequest, Tenant

RESOURCE = ["resource"]


def resource_requests(tenant: Tenant) -> tuple[RecordedRequest, ...]:
    """Return the requests at the protected resource; without one nothing is known about them."""
    requests = tenant.journal.requests("resource")
    if not requests:
        untestable("no request arrived at the protected resource")
    return requests


def issued_token(client: LabClient) -> str:
    """Return the access token that the server issued last."""
    return str(client.grants()[-1]["access_token"])


def show_that_requests_arrive(client: LabClient) -> None:
    """Show that the client sends a request to the resource when nothing is under test, and start again."""
    client.try_request()
    resource_requests(client.tenant)
    client.fresh()
