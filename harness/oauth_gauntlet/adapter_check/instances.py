"""Check that the instances of one process are separate clients: the configuration of one does not change another."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt
from oauth_gauntlet.adapter_check.subject import Subject, another_party
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import Tenant


def instances(subject: Subject, grant: GrantType) -> Observation:
    """Configure two instances for two servers, then ask both: each request goes to the server of its instance."""
    second = Subject(subject.bench, subject.adapter.instance("b"), subject.hello)
    first_tenant = subject.begin(grant, another_party(grant, "gauntlet-first"))
    second_tenant = second.begin(grant, another_party(grant, "gauntlet-second"))
    for tenant in (first_tenant, second_tenant):
        tenant.configure(strict=False)
    for asked, own, other, name in (
        (subject, first_tenant, second_tenant, "gauntlet-first"),
        (second, second_tenant, first_tenant, "gauntlet-second"),
    ):
        there = other.journal.count()
        asked.adapter.get_token()
        if other.journal.count() > there or not _is_from(own, grant, name):
            return doubt(
                "two instances are configured, and a request of one had the configuration of the other: keep what configure "
                "creates in the adapter's object, not in the module or the class"
            )
    return GOOD


def _is_from(tenant: Tenant, grant: GrantType, name: str) -> bool:
    """Return whether the tenant has a request of this party."""
    if grant is GrantType.JWT_BEARER:
        return any(witness.assertion(request).claims.get("sub") == name for request in tenant.journal.requests("token"))
    return any(witness.presented_client(request)[0] == name for request in tenant.journal.requests("token"))
