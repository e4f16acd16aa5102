"""A request after one that failed: the assertion and its identifier are new."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, MUST, practice, requirement
from oauth_gauntlet_scenarios.jwt.required_claims import JTI, require_jti_of_its_own
from oauth_gauntlet_scenarios.jwt.sent_assertion import ASSERTION, JWT, NEXT_SECOND_S, after_failure
from oauth_gauntlet_server import Tenant


# Without a jti a server cannot tell a retry from a replay by it (RFC 7523 3, "jti"); the same assertion then does no harm.
@requirement(
    "jwt.fresh-after-failure",
    level=INTEROP,
    basis=practice(
        "Servers accept a jti once (RFC 7523 3 lets them keep the values). A request that failed with 503 may have been "
        "counted, and the retry is then refused as a replay."
    ),
    grants=JWT,
    covered_by=["jwt.jti-unique", "jwt.jti-at-retry"],
    statement="An assertion with a jti is not sent again after a failure.",
)
def test_fresh_after_failure(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 503; the application asks again, or the client does.

    Check: no assertion with a jti is sent twice.
    """
    sent = [each.text for each in after_failure(client, tenant) if "jti" in each.claims]
    require(
        len(set(sent)) == len(sent),
        expected="an assertion of its own in each request",
        seen=f"the retry contains the assertion of the request that failed: {len(set(sent))} different in {len(sent)} requests",
        mark=ASSERTION,
    )


@requirement(
    "jwt.jti-at-retry",
    level=MUST,
    basis=JTI,
    grants=JWT,
    refused_as=["The claim jti was used before"],
    covered_by=["jwt.jti-unique"],
    waits=True,
    statement="A new assertion for the same subject has a new jti, if it has one.",
)
def test_jti_at_retry(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 503; ask again a second later. Check: assertions with other claims have another jti.

    The same assertion once more is the matter of jwt.fresh-after-failure.
    """
    require_jti_of_its_own(after_failure(client, tenant, pause_s=NEXT_SECOND_S), ASSERTION)
