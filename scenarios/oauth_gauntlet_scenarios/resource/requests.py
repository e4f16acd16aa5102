"""The requests at the protected resource, and the token that they should contain."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet_server import RecordedRequest, Tenant

RESOURCE = ["resource"]


def resource_requests(tenant: Tenant) -> tuple[RecordedRequest, ...]:
    """Return the requests at the protected resource; there must be one."""
    requests = tenant.journal.requests("resource")
    require(requests, expected="a request at the protected resource", seen="no request there")
    return requests


def issued_token(client: LabClient) -> str:
    """Return the access token that the server issued last."""
    return str(client.grants()[-1]["access_token"])
