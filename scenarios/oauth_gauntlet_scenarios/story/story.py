"""A story: a sequence of operations, faults and time jumps, with checks after each step.

Each step compares the client's answer with the server's store and with what the client can know
(`Knowledge`). A client may use every freedom that these leave: a leeway of five minutes or of half a
lifetime, a cached token that the server has revoked, any documented error after a fault, a renewal in the
background, the old token while the server fails to renew it, a pause after many failures, a cache that outlives
a configuration, no renewal after a refusal that gives no reason. A client that does not declare to renew expired
tokens (auto_refresh) may keep one until a resource rejects it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis.errors import HypothesisException

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import JSON, ErrorInfo, ResourceRequest, ResourceResponse, Token
from oauth_gauntlet_scenarios.story.checks import Checks
from oauth_gauntlet_scenarios.story.failing import FailingServer
from oauth_gauntlet_scenarios.story.identity import identity
from oauth_gauntlet_scenarios.story.knowledge import Knowledge
from oauth_gauntlet_scenarios.story.refusals import REFUSALS
from oauth_gauntlet_scenarios.story.responses import TokenResponses
from oauth_gauntlet_server import RotationPolicy, Tenant
from oauth_gauntlet_server.faults import Fault

_HOUR_S = 3600

NOT_REPRODUCED = "the same steps did not fail again"
"""How the note begins about a breach that Hypothesis could not reproduce, and so not shrink."""


@dataclass
class StoryFindings:
    """What all stories of a scenario found.

    `failures` are the exceptions that ended a story, in order. `stories` counts the stories, `faults_met` the steps that met
    a fault.
    """

    failures: list[Exception] = field(default_factory=list)
    stories: int = 0
    faults_met: int = 0


class Story:
    """One story. `steps` describes what has happened; `findings` collects what ends it."""

    def __init__(self, client: LabClient, tenant: Tenant, findings: StoryFindings) -> None:
        self._findings = findings
        findings.stories += 1
        self._number = findings.stories
        self.client = client
        self.tenant = tenant
        self._other_identity = False
        self._tokens_of: dict[str, set[str]] = {}
        self._lifetime_s: int | None = _HOUR_S
        self._responses = TokenResponses(tenant)
        self._server = FailingServer(tenant)
        self._checks = Checks(client, tenant, self._server, self._responses)
        self.steps: list[str] = []
        self.tenant.configure(rotation=RotationPolicy.KEEP, access_token_lifetime_s=_HOUR_S)
        self._begin()

    def end(self, failure: BaseException | None) -> None:
        """End the story; a failure is kept, and a finding lists the steps of the story in its notes."""
        if isinstance(failure, Breach):
            for place, step in enumerate(self.steps, 1):
                failure.add_note(f"story, step {place}: {step}")
        # Hypothesis ends a story by exceptions of its own, which say nothing about the client.
        if isinstance(failure, Exception) and not isinstance(failure, HypothesisException):
            self._findings.failures.append(failure)

    # Steps of the application

    def get_token(self) -> None:
        """Let the application ask for a token."""
        settled, before = self._knowledge.settled(), self._checks.count("token")
        answer = self.client.try_get_token()
        self._describe("get a token", answer)
        self._checks.token(answer, settled)
        self._checks.token_requests(before, settled, callers=1)
        self._end_step()

    def get_tokens(self, callers: int) -> None:
        """Let several callers ask for a token at once."""
        settled, before = self._knowledge.settled(), self._checks.count("token")
        answers = self.client.get_tokens(callers)
        self._describe(f"{callers} callers get a token at once", *answers)
        for answer in answers:
            self._checks.token(answer, settled)
        self._checks.token_requests(before, settled, callers=1 if self._checks.shared() else callers)
        self._end_step()

    def refresh(self) -> None:
        """Let the application exchange its refresh token."""
        before = self._checks.count("token")
        answer = self.client.try_refresh()
        self._describe("refresh", answer)
        self._checks.token(answer, None, fresh=True)
        self._checks.token_requests(before, None, callers=1)
        self._end_step()

    def use(self) -> None:
        """Let the application send an authorised request."""
        settled, long_lived = self._knowledge.settled(), self._knowledge.long_lived()
        since, tokens = self.tenant.journal.last, self._checks.count("token")
        answer = self.client.try_request()
        self._describe("use the resource", answer)
        self._checks.uses((answer,), since, tokens, settled, long_lived)
        self._end_step()

    def use_at_once(self, callers: int) -> None:
        """Let several callers send authorised requests at once, each to a path of its own."""
        settled, long_lived = self._knowledge.settled(), self._knowledge.long_lived()
        since, tokens = self.tenant.journal.last, self._checks.count("token")
        names = [f"caller-{place}" for place in range(1, callers + 1)]
        answers = self.client.requests([ResourceRequest(url=f"{self.tenant.resource_url}/{name}") for name in names])
        self._describe(f"{callers} callers use the resource at once", *answers)
        for name, answer in zip(names, answers, strict=True):
            self._checks.own_response(name, answer)
        self._checks.uses(answers, since, tokens, settled, long_lived)
        self._end_step()

    def configure(self) -> None:
        """Configure the client again, with another client, user or subject; faults that are armed end."""
        self._describe("configure again")
        self._server.recover()
        self._tokens_of[repr(self._changes)] = self._knowledge.usable()
        self._other_identity = not self._other_identity
        self._begin()

    # Steps of server and clock

    def advance(self, seconds: int) -> None:
        """Move the clocks of client and server; a negative number moves them back."""
        self._knowledge.before_time_moves()
        self.client.advance(seconds)
        self._knowledge.after_time_moved(seconds)
        self._describe(f"{seconds} s pass" if seconds > 0 else f"the clocks go back by {-seconds} s")

    def revoke(self) -> None:
        """Let the server revoke the access token that the application got last."""
        held = self._knowledge.held
        if held is not None:
            self.tenant.revoke(held)
            self._knowledge.record_revocation(held)
        self._describe("the server revokes the token")

    def rotate(self, policy: RotationPolicy) -> None:
        """Set the server's policy for refresh tokens."""
        if self.tenant.settings.rotation is not policy:
            self._describe(f"refresh tokens: {policy.value}")
        self.tenant.configure(rotation=policy)

    def change_lifetime(self, seconds: int | None) -> None:
        """Set the lifetime of new access tokens; None: an hour, and the response has no expires_in."""
        if seconds == self._lifetime_s:
            return
        self._lifetime_s = seconds
        self.tenant.configure(access_token_lifetime_s=_HOUR_S if seconds is None else seconds)
        self._server.omit_lifetime(omitted=seconds is None)
        self._describe("token responses have no expires_in" if seconds is None else f"new access tokens live for {seconds} s")

    def arm_fault(self, name: str, fault: Fault) -> None:
        """Arm a fault for the next request at the token endpoint."""
        self._server.fail_next(fault)
        self._describe(f"the next token request meets a fault: {name}")

    def begin_trouble(self, name: str, fault: Fault, steps: int) -> None:
        """Let each request at the token endpoint meet a fault for so many steps; then the server works again."""
        self._server.begin_trouble(fault, steps)
        self._describe(f"for {steps} steps each token request meets a fault: {name}")

    def refuse(self, name: str, times: int) -> None:
        """Let the resource refuse the next requests in the form with this name, whatever their token is."""
        self._server.refuse(REFUSALS[name], times)
        self._describe(f"the resource refuses the next {f'{times} requests' if times > 1 else 'request'}: {name}")

    # Parts

    def _begin(self) -> None:
        self.tenant.clock.reset()  # configuring resets the client's clock too
        self.client.configure(**self._changes)
        kept = self._tokens_of.get(repr(self._changes), set()) if self._changes else set()
        self._checks.knowledge = Knowledge(self.tenant, self._responses, kept)

    @property
    def _knowledge(self) -> Knowledge:
        return self._checks.knowledge

    @property
    def _changes(self) -> dict[str, JSON]:
        return identity(self.client.grant, self._number, other=self._other_identity)

    def _end_step(self) -> None:
        self._checks.end_step()
        if self._server.end_step():
            self._describe("the server works again")

    def _describe(self, step: str, *answers: Token | ErrorInfo | ResourceResponse) -> None:
        if self._server.met_fault:
            self._findings.faults_met += 1
        results = {_short(answer) for answer in answers}
        self.steps.append(f"{step}: {' / '.join(sorted(results))}" if results else step)


def _short(answer: Token | ErrorInfo | ResourceResponse) -> str:
    if isinstance(answer, Token):
        return f"token {str(answer.access_token)[:6]}…"
    if isinstance(answer, ErrorInfo):
        return f"error {answer.oauth_error or answer.kind}"
    return f"HTTP {answer.status}"
