"""Stories: operations, faults and time jumps in any order, generated and shrunk by hypothesis."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from oauth_gauntlet.checks import Untestable, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, practice, quote, requirement
from oauth_gauntlet_scenarios.story.story import NOT_REPRODUCED, Story, StoryFindings
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

# None of these faults processes the request: a rotation whose response is lost ends a session, and the client
# is not to blame. None of them asks a client to wait and retry, as 503 does: a client that obeys would wait
# in real time.
_FAULTS = {
    "reset": faults.fault("reset_without_answer"),
    "HTML with status 200": faults.http_status(200, "<html>maintenance</html>", content_type="text/html"),
    "no access_token": faults.http_status(200, '{"token_type": "Bearer", "expires_in": 3600}', content_type="application/json"),
    "invalid_request": faults.oauth_error("invalid_request"),
}


_TIMES = st.sampled_from([0, 3601, 3000, 60, 90_000, -7200])

# The longest lifetime fits in 31 bits of milliseconds: a timer that overflows fires at any moment, and the
# same story then differs each time it runs (expiry.huge finds such a timer).
_LIFETIMES = st.sampled_from([3600, 20, 20 * 86_400, None])


class _Machine(RuleBasedStateMachine):
    """The rules by which hypothesis builds a story; `_run_stories` sets the class attributes."""

    client: LabClient
    tenant: Tenant
    findings: StoryFindings
    needs_lifetime: bool

    def __init__(self) -> None:
        super().__init__()
        self.tenant.journal.clear()
        self.tenant.armed.forget()
        self.story = Story(self.client, self.tenant, self.findings)

    def _can(self, capability: str) -> bool:
        return capability in self.client.hello.capabilities

    def _may_ask_at_once(self) -> bool:
        # Each caller of a client without a cache sends the refresh token, and with rotation only one of them
        # gets a token.
        return self._can("cache") or self.tenant.settings.rotation is RotationPolicy.KEEP

    @initialize(policy=st.sampled_from(list(RotationPolicy)))
    def begin(self, policy: RotationPolicy) -> None:
        self.story.rotate(policy)

    # Hypothesis draws all rules with equal probability, and a fault shows only in an answer: so most rules
    # ask for something.

    def _wait(self, seconds: int) -> None:
        if seconds and self._can("clock"):
            self.story.advance(seconds)

    @rule(after=_TIMES)
    def get_token(self, after: int) -> None:
        self._wait(after)
        self.story.get_token()

    @precondition(lambda self: self._can("parallel") and self._may_ask_at_once())
    @rule(after=_TIMES)
    def several_get_tokens(self, after: int) -> None:
        self._wait(after)
        self.story.get_tokens(3)

    @rule(after=_TIMES, name=st.sampled_from(list(_FAULTS)))
    def get_token_with_fault(self, after: int, name: str) -> None:
        self._wait(after)
        self.story.arm_fault(name, _FAULTS[name])
        self.story.get_token()

    @precondition(lambda self: self._can("refresh") and self.client.grant is REFRESH_TOKEN)
    @rule(after=_TIMES)
    def refresh(self, after: int) -> None:
        self._wait(after)
        self.story.refresh()

    @precondition(lambda self: self._can("resource"))
    @rule(after=_TIMES, revoked=st.booleans())
    def use(self, after: int, revoked: bool) -> None:
        self._wait(after)
        if revoked:
            self.story.revoke()
        self.story.use()

    @rule(seconds=_LIFETIMES, policy=st.sampled_from(list(RotationPolicy)))
    def begin_again(self, seconds: int | None, policy: RotationPolicy) -> None:
        self.story.change_lifetime(3600 if seconds is None and self.needs_lifetime else seconds)
        self.story.rotate(policy)
        self.story.configure()


def _run_stories(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Run as many stories as the effort requires; the shortest one that fails is the finding."""
    client.control()
    findings = StoryFindings()
    known = {"client": client, "tenant": tenant, "findings": findings, "needs_lifetime": _needs_lifetime(client)}
    machine: Any = type("Machine", (_Machine,), known)
    hypothesis.seed(seed)(machine)
    try:
        run_state_machine_as_test(machine, settings=settings())
    except Flaky:
        if not findings.breaches:
            raise
        # The same steps did not fail again. The breach was real nevertheless: report the first story as it
        # was.
        first = findings.breaches[0]
        first.add_note(f"{NOT_REPRODUCED}: the client keeps state, or does something in the background")
        raise first from None
    finally:
        # A fault that no request has met when its story ends proves nothing; it must not make the scenario
        # untestable.
        tenant.armed.forget()
    if not findings.faults_met:
        untestable("the client met a fault in none of the stories")


def _needs_lifetime(client: LabClient) -> bool:
    """Return whether the client refuses a response without expires_in, which parse.expires-in-absent judges."""
    try:
        client.control(faults.without_token_member("expires_in"))
    except Untestable:
        return True
    return False


_SKIPS = quote(
    "RFC 6749 1.5",
    "If the client knows the access token expired, it skips to step (G); otherwise, it makes another protected resource"
    " request.",
)
_REPLACES = quote(
    "RFC 6749 6",
    "the client MUST discard the old refresh token and replace it with the new refresh token",
)
_SIMPLER = (
    "sanity.first",
    "parse.access-token-missing",
    "parse.not-json",
    "parse.not-json-error",
    "error.works-afterwards",
    "error.no-token-afterwards",
    "expiry.failure-keeps-state",
    "expiry.no-stale-token",
    "expiry.renewed-after",
    "refresh.rotation-replaces",
    "refresh.absent-keeps",
    "resource.401-renews-once",
)


@requirement(
    "story.of-tokens",
    level=INTEROP,
    basis=[practice("Events come in an order that nobody has tested: a fault, then a revocation, then another user."), _SKIPS],
    covered_by=[
        *_SIMPLER,
        "expiry.cached",
        "expiry.clock-back",
        "expiry.not-before",
        "concurrency.single-flight",
        "concurrency.same-answer",
        "concurrency.failure-frees",
        "concurrency.no-mixing",
    ],
    capabilities=["cache"],
    statement="In any order of events, an application gets valid tokens, and an error only after a fault.",
)
def test_of_tokens(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: generated stories, as many and as long as the effort requires.

    The application gets tokens (one caller, several at once), uses and refreshes them; time passes or goes
    back; the server revokes, rotates and fails; the client is configured again.

    Check: each token that the application gets is valid and of the current configuration; a valid token is
    not requested again; there is no error without a fault, no error that the client does not document, and no
    loop of requests.
    """
    _run_stories(client, tenant, seed)


@requirement(
    "story.of-sessions",
    level=INTEROP,
    basis=[
        practice("A session ends too early when two events meet: a rotation, and a failure or a change of the user."),
        _REPLACES,
    ],
    covered_by=[*_SIMPLER, "expiry.rotation-followed", "story.of-tokens"],
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="In any order of events, a session continues until the server ends it.",
)
def test_of_sessions(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: as in story.of-tokens, with clients that refresh, whether they cache tokens or not.

    Check: as there.
    """
    _run_stories(client, tenant, seed)
