"""A request after one that failed: a new client assertion has an identifier of its own."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, MUST, Variant, requirement
from oauth_gauntlet_scenarios.clientauth.client_assertion import CLIENT_ASSERTION, METHODS, changes_for
from oauth_gauntlet_scenarios.jwt.required_claims import JTI, require_jti_of_its_own
from oauth_gauntlet_scenarios.jwt.sent_assertion import NEXT_SECOND_S, after_failure
from oauth_gauntlet_server import Tenant


@requirement(
    "clientauth.jti-at-retry",
    level=MUST,
    basis=JTI,
    grants=[CLIENT_CREDENTIALS],
    auth_method_variants=METHODS,
    refused_as=["The claim jti was used before"],
    covered_by=["clientauth.jti-unique"],
    waits=True,
    statement="A new assertion of the same client has a new jti, if it has one.",
)
def test_jti_at_retry(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 503; ask again a second later. Check: assertions with other claims have another jti.

    The same assertion once more is the matter of clientauth.fresh-per-request.
    """
    client.configure(**changes_for(client, variant.value))
    require_jti_of_its_own(after_failure(client, tenant, "client_assertion", pause_s=NEXT_SECOND_S), CLIENT_ASSERTION)
