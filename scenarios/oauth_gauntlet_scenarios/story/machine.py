"""The rules by which Hypothesis builds a story: what can happen, at what times, and to which clients."""

from __future__ import annotations

import sys

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import REFRESH_TOKEN
from oauth_gauntlet_scenarios.story.refusals import REFUSALS, Renewal
from oauth_gauntlet_scenarios.story.story import Story, StoryFindings
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

# A connection that breaks again and again is not among them: clients try again after a while in real time.
_TROUBLES = [name for name in _FAULTS if name != "reset"]

_TIMES = st.sampled_from([0, 3601, 3000, 60, 90_000, -7200])

# The longest lifetime fits in 31 bits of milliseconds: a timer that overflows fires at any moment, and the
# same story then differs each time it runs (expiry.huge finds such a timer).
_LIFETIMES = st.sampled_from([3600, 20, 20 * 86_400, None])

# The simplest one differs from that with which a story begins: so Hypothesis shrinks to a story with one change.
_OTHER_LIFETIMES = st.sampled_from([20, 3600, 20 * 86_400, None])

_AT_ONCE = 3

_REFUSALS = st.one_of(
    *(
        st.sampled_from([name for name, refusal in REFUSALS.items() if refusal.renewal is renewal])
        for renewal in (Renewal.USELESS, Renewal.EXPECTED, Renewal.FREE)
    )
)
"""The names of refusals: each kind is as frequent as the others, however many forms it has."""


class StoryMachine(RuleBasedStateMachine):
    """The rules by which hypothesis builds a story; a subclass sets the class attributes."""

    client: LabClient
    tenant: Tenant
    findings: StoryFindings
    needs_lifetime: bool
    sends_at_once: bool

    def __init__(self) -> None:
        super().__init__()
        self.tenant.journal.clear()
        self.tenant.armed.forget()
        self.story = Story(self.client, self.tenant, self.findings)

    def teardown(self) -> None:
        """End the story; Hypothesis calls this while the exception that ends it is raised."""
        self.story.end(sys.exception())

    def _can(self, capability: str) -> bool:
        return capability in self.client.hello.capabilities

    def _may_ask_at_once(self) -> bool:
        # Each caller of a client without a cache sends the refresh token, and with rotation only one of them
        # gets a token.
        return self._can("cache") or self.tenant.settings.rotation is RotationPolicy.KEEP

    @initialize(policy=st.sampled_from(list(RotationPolicy)))
    def begin(self, policy: RotationPolicy) -> None:
        """Begin with one of the policies for refresh tokens."""
        self.story.rotate(policy)

    # Hypothesis draws all rules with equal probability, and a fault shows only in an answer: so most rules
    # ask for something.

    def _wait(self, seconds: int) -> None:
        if seconds and self._can("clock"):
            self.story.advance(seconds)

    def _change_lifetime(self, seconds: int | None) -> None:
        self.story.change_lifetime(3600 if seconds is None and self.needs_lifetime else seconds)

    @rule(after=_TIMES)
    def get_token(self, after: int) -> None:
        """Let the application ask for a token."""
        self._wait(after)
        self.story.get_token()

    @precondition(lambda self: self._can("parallel") and self._may_ask_at_once())
    @rule(after=_TIMES)
    def several_get_tokens(self, after: int) -> None:
        """Let several callers ask for a token at once."""
        self._wait(after)
        self.story.get_tokens(_AT_ONCE)

    @rule(seconds=_OTHER_LIFETIMES, after=_TIMES, refused=st.booleans(), later=_TIMES)
    def renew_with_another_lifetime(self, seconds: int | None, after: int, refused: bool, later: int) -> None:
        """Let the server change the lifetime of new tokens, the client renew by the clock or after a refusal, and time pass."""
        self._change_lifetime(seconds)
        self._wait(after)
        if refused and self._can("resource"):
            self.story.revoke()
            self.story.use()
        else:
            self.story.get_token()
        if later:
            self._wait(later)
            self.story.get_token()

    @rule(after=_TIMES, name=st.sampled_from(list(_FAULTS)))
    def get_token_with_fault(self, after: int, name: str) -> None:
        """Let the application ask for a token when the server fails once."""
        self._wait(after)
        self.story.arm_fault(name, _FAULTS[name])
        self.story.get_token()

    @rule(after=_TIMES, name=st.sampled_from(_TROUBLES), steps=st.sampled_from([2, 3]))
    def get_token_in_trouble(self, after: int, name: str, steps: int) -> None:
        """Let the application ask for a token when the server begins to fail for some steps."""
        self._wait(after)
        self.story.begin_trouble(name, _FAULTS[name], steps)
        self.story.get_token()

    @precondition(lambda self: self._can("refresh") and self.client.grant is REFRESH_TOKEN)
    @rule(after=_TIMES)
    def refresh(self, after: int) -> None:
        """Let the application exchange its refresh token."""
        self._wait(after)
        self.story.refresh()

    @precondition(lambda self: self._can("resource"))
    @rule(after=_TIMES, revoked=st.booleans())
    def use(self, after: int, revoked: bool) -> None:
        """Let the application use the resource, possibly with a token that was revoked."""
        self._wait(after)
        if revoked:
            self.story.revoke()
        self.story.use()

    @precondition(lambda self: self.sends_at_once and self._may_ask_at_once())
    @rule(after=_TIMES, revoked=st.booleans())
    def several_uses(self, after: int, revoked: bool) -> None:
        """Let several callers use the resource at once, possibly with a token that was revoked."""
        self._wait(after)
        if revoked:
            self.story.revoke()
        self.story.use_at_once(_AT_ONCE)

    @precondition(lambda self: self._can("resource"))
    @rule(after=_TIMES, name=_REFUSALS, times=st.sampled_from([1, 5]))
    def use_refused(self, after: int, name: str, times: int) -> None:
        """Let the application use the resource, which refuses its token once or several times."""
        self._wait(after)
        self.story.refuse(name, times)
        self.story.use()

    @rule(seconds=_LIFETIMES, policy=st.sampled_from(list(RotationPolicy)))
    def begin_again(self, seconds: int | None, policy: RotationPolicy) -> None:
        """Configure the client again, with another lifetime and another policy."""
        self._change_lifetime(seconds)
        self.story.rotate(policy)
        self.story.configure()
