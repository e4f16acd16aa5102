"""Make the result of a scenario from how it ended: the verdict, and everything that explains it."""

from __future__ import annotations

import pytest

from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.files.json_values import finite
from oauth_gauntlet.judging.again_command import AgainCommand
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.evidence import exchanges_json, notes_on, server_failed, something_sent
from oauth_gauntlet.judging.first_tokens import FirstTokens
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.scenario_arguments import CLIENT, DURATION_S, PORTS, STARTED, TENANT
from oauth_gauntlet.judging.scenario_item import ScenarioItem
from oauth_gauntlet.judging.selection import asks_for_a_token
from oauth_gauntlet.judging.verdicts import Conclusion, attributed, conclude, downgraded, ending_of, renewed
from oauth_gauntlet.model import SANITY, Damage, RequirementSet, Result, Verdict

STOPS = {verdict for verdict in Verdict if verdict.failing} | {Verdict.UNTESTABLE, Verdict.ERROR}
"""Verdicts with which a pytest test fails, also without the option strict."""


class NotRun(Exception):
    """A scenario is not run, because the client gets no token for its grant at all."""


class ResultMaker:
    """Makes results. What it asks of the bench and of the clock watch happened while the scenario ran."""

    def __init__(
        self,
        *,
        bench: Bench,
        watch: ClockWatch,
        requirements: RequirementSet,
        again: AgainCommand,
        first_tokens: FirstTokens,
    ) -> None:
        self._bench = bench
        self._watch = watch
        self._requirements = requirements
        self._again = again
        self._first_tokens = first_tokens

    def of(self, item: ScenarioItem, call: pytest.CallInfo[None]) -> Result:
        """Return the result of a scenario that has ended, in its set-up or in its call."""
        requirement = self._requirements.judged(item.scenario.requirement)
        exception = None if call.excinfo is None else call.excinfo.value
        tenant, client = item.stash.get(TENANT, None), item.stash.get(CLIENT, None)
        platform = self._platform() if requirement.platform else ""
        kind = item.case.renewal
        if isinstance(exception, NotRun):
            conclusion = Conclusion(verdict=Verdict.CONSEQUENCE, message=str(exception))
        elif isinstance(exception, pytest.skip.Exception):
            conclusion = Conclusion(verdict=Verdict.NOT_APPLICABLE, message=str(exception))
        else:
            unfired = () if tenant is None else tenant.armed.unfired()
            if PORTS in item.stash:
                unfired += item.stash[PORTS].unmet()
            sent = tenant is None or something_sent(tenant, client, item.stash.get(PORTS, None))
            conclusion = conclude(
                level=requirement.level,
                exception=exception,
                unfired=unfired,
                server_failed=tenant is not None and server_failed(tenant.journal),
                sent=sent,
                works=sent
                or exception is None
                or asks_for_a_token(requirement.id)
                or self._first_tokens.works(item.case.grant),
            )
            # Advice is about what the client makes of it, such as the class of its error: no HTTP stack decides that.
            platform = "" if conclusion.advised or ending_of(exception) else platform
            if platform:
                conclusion = attributed(conclusion, platform)
            # An error before the first token is not one of the renewal; a scenario of renewals alone names them by itself.
            renews = client is not None and client.renewal is not None and client.renewal.old_token is not None
            if kind is not None and renews and item.scenario.first:
                conclusion = renewed(conclusion, kind)
            conclusion = self._downgraded(conclusion, item)
        # A client that sends no renewal fails the requirement that asks for one: this only follows from it.
        not_renewed = kind.shown_by if kind is not None and conclusion.verdict is Verdict.UNTESTABLE else ()
        return Result(
            id=requirement.id,
            scenario=item.scenario_id,
            grant=str(item.case.grant),
            level=requirement.level,
            profile=requirement.profile,
            basis=requirement.basis,
            covered_by=(*requirement.covered_by, *not_renewed),
            statement=requirement.statement,
            verdict=conclusion.verdict,
            message=conclusion.message,
            duration_s=item.stash.get(DURATION_S, call.duration),
            findings=conclusion.findings,
            answer=None if client is None else finite(client.last_answer),
            notes=notes_on(conclusion, exception, client),
            exchanges=() if tenant is None else exchanges_json(tenant.journal),
            reproduce=self._again.command(item, requirement),
            follows_from=SANITY if conclusion.verdict is Verdict.CONSEQUENCE else "",
            refused_as=requirement.refused_as,
            ending=ending_of(exception),
            platform=platform,
            damage=conclusion.damage or requirement.damage or Damage.NO_TOKEN,
        )

    def _platform(self) -> str:
        """Return the platform of the client; nothing if its adapter has not started, which is then the result."""
        try:
            return self._bench.hello().client.platform
        except GauntletError:
            return ""

    def _downgraded(self, conclusion: Conclusion, item: ScenarioItem) -> Conclusion:
        """Return the conclusion, downgraded if the machine was unreliable during the scenario."""
        started = item.stash.get(STARTED, 0.0)
        disturbances = self._watch.since(started)
        jump = next((str(each) for each in disturbances if each.jumped_s), None)
        pause = next((str(each) for each in disturbances if each.paused_s), None)
        if jump or pause or conclusion.verdict not in STOPS | {Verdict.WARNING}:
            return downgraded(conclusion, always=jump, if_adverse=pause)
        return downgraded(conclusion, if_adverse=self._bench.server_trouble(since=started))
