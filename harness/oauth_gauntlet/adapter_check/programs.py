"""Check that all requests come from one program: the User-Agent is the same in each."""

from __future__ import annotations

from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.protocol import GrantType


def one_program(subject: Subject, _: GrantType) -> Observation:
    """Compare the User-Agent of all requests so far (RFC 9110 §10.1.5)."""
    agents = {request.header("user-agent") for tenant in subject.tenants for request in tenant.journal.requests()}
    if len(agents) < 2:
        return GOOD
    shown = " and ".join(sorted(str(agent or "none") for agent in agents))
    return doubt(f"requests had the User-Agent {shown}: does the adapter send some of them itself?")
