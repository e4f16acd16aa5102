"""Find out for each grant whether the client gets a token at all, from a server without faults.

Two decisions rest on it. If the client gets none, the other scenarios of the grant need not run; and a finding without a
request says nothing about what it tests.

Each process of a run finds it out by itself. A grant is stopped by the verdict on ``sanity.first``, or, where another worker of
pytest-xdist judges that, by the same exchange; and only if the run judges ``sanity.first`` for it: then one result says why.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.evidence import exchanges_json
from oauth_gauntlet.lab import LabClient, get_issued_token
from oauth_gauntlet.model import NOT_RUN, SANITY, Requirement, Result, forbids, refusals
from oauth_gauntlet.protocol import GrantType


@dataclass(frozen=True, kw_only=True, slots=True)
class _Probe:
    """Whether the client got a token, or no token for the server's `reasons`. Neither: its adapter broke."""

    token: bool = False
    reasons: tuple[str, ...] | None = None


class FirstTokens:
    """What is known about the first token of each grant. A grant is tried once, when it is asked for."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._judged: dict[GrantType, tuple[str, ...] | None] = {}
        self._probes: dict[GrantType, _Probe] = {}

    def learn(self, grant: GrantType, result: Result) -> None:
        """Take note of the result of ``sanity.first``."""
        self._judged[grant] = tuple(refusals(result.exchanges)) if result.verdict.against else None

    def why_not_run(self, requirement: Requirement, grant: GrantType, judged: Collection[GrantType]) -> str | None:
        """Return why a scenario need not run, or None. `judged` are the grants whose first token this run judges.

        What forbids a request that the server refused is judged: it explains the refusal.
        """
        if requirement.id == SANITY or grant not in judged:
            return None
        reasons = self._judged[grant] if grant in self._judged else self._probe(grant).reasons
        if reasons is None or forbids(requirement.refused_as, reasons):
            return None
        said = f': "{reasons[-1]}"' if reasons else ""
        return f"{NOT_RUN}the client gets no {grant.short} token from a server without faults{said}"

    def works(self, grant: GrantType) -> bool:
        """Return whether the client, started once more, has got a token that the server issued."""
        return self._probe(grant).token

    def _probe(self, grant: GrantType) -> _Probe:
        if grant not in self._probes:
            self._probes[grant] = self._tried(grant)
        return self._probes[grant]

    def _tried(self, grant: GrantType) -> _Probe:
        """Start the client once more: a token that it kept from another configuration must not answer here."""
        try:
            new_tenant = self._bench.tenants_of(f"the first {grant.short} token")
            tenant = new_tenant()
            adapter, hello = self._bench.start()
        except GauntletError:
            return _Probe()
        try:
            get_issued_token(LabClient(adapter=adapter, hello=hello, tenant=tenant, grant=grant, new_tenant=new_tenant))
        except Breach:
            return _Probe(reasons=tuple(refusals(exchanges_json(tenant.journal))))
        except GauntletError:
            return _Probe()
        finally:
            close_quietly(adapter)
        return _Probe(token=True)
