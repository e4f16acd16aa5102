"""The spelling of the scheme at a resource: legal in any case, and not read in any case."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, practice, requirement
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, resource_requests
from oauth_gauntlet_server import Tenant, faults


# RFC 9110 11.1: a scheme is case-insensitive. Therefore resource.bearer-syntax accepts each spelling.
@requirement(
    "resource.bearer-spelled",
    level=INTEROP,
    basis=practice(
        "Some resource servers compare the scheme with Bearer octet by octet, and many token endpoints answer with the type "
        "bearer."
    ),
    grants=[CLIENT_CREDENTIALS],
    capabilities=RESOURCE,
    covered_by=["resource.bearer-syntax"],
    statement="The scheme is spelt Bearer, however the token response spells the type.",
)
def test_bearer_spelled(client: LabClient, tenant: Tenant) -> None:
    """Do: the token response has token_type "bearer"; send an authorised GET. Check: its scheme is Bearer."""
    tenant.arm(faults.token_member("token_type", "bearer"))
    client.try_request()
    sent = resource_requests(tenant)[-1].header("authorization")
    if sent is None:
        untestable("the request at the resource has no Authorization")
    scheme = sent.partition(" ")[0]
    require(
        scheme == "Bearer",
        expected="the scheme Bearer, in this spelling",
        seen=f"the scheme {scheme}, which some resource servers do not read",
        mark=Mark(text=scheme),
    )
