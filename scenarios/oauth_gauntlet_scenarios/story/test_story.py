"""Stories: whatever happens, in whatever order. Hypothesis tells them, and shortens the one that breaks a client."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, requirement
from oauth_gauntlet_scenarios.story.story import Story, Told
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

# None of it processes the request: a rotation whose answer is lost ends a session through no fault of the client. None of it
# is a reason to wait and try again, as 503 is: clients that do so would wait in real time.
_TROUBLE = {
    "reset": faults.fault("reset_without_answer"),
    "HTML with status 200": faults.http_status(200, "<html>maintenance</html>", content_type="text/html"),
    "no access_token": faults.http_status(200, '{"token_type": "Bearer", "expires_in": 3600}', content_type="application/json"),
    "invalid_request": faults.oauth_error("invalid_request"),
}


_TIMES = st.sampled_from([0, 3601, 3000, 60, 90_000, -7200])

# The longest fits 31 bits of milliseconds: a timer that overflows fires by itself at any time, and no story is the same twice
# (expiry.huge finds that).
_LIFETIMES = st.sampled_from([3600, 20, 20 * 86_400, None])


class _Machine(RuleBasedStateMachine):
    """What can happen next; the parties are set by `_told`."""

    client: LabClient
    tenant: Tenant
    told: Told

    def __init__(self) -> None:
        super().__init__()
        self.tenant.journal.clear()
        self.tenant.armed.forget()
        self.story = Story(self.client, self.tenant, self.told)

    def _can(self, capability: str) -> bool:
        return capability in self.client.hello.capabilities

    def _may_ask_at_once(self) -> bool:
        # Callers of a client that keeps no token each send the refresh token, and rotation answers one of them only.
        return self._can("cache") or self.tenant.settings.rotation is RotationPolicy.KEEP

    @initialize(policy=st.sampled_from(list(RotationPolicy)))
    def begin(self, policy: RotationPolicy) -> None:
        self.story.rotate(policy)

    # Most rules ask for something, after some time: what goes wrong shows in an answer, and hypothesis draws rules evenly.

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

    @rule(after=_TIMES, name=st.sampled_from(list(_TROUBLE)))
    def get_token_in_trouble(self, after: int, name: str) -> None:
        self._wait(after)
        self.story.get_into_trouble(name, _TROUBLE[name])
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
    def begin_anew(self, seconds: int | None, policy: RotationPolicy) -> None:
        self.story.change_lifetime(seconds)
        self.story.rotate(policy)
        self.story.configure()


def _told(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Tell stories, as many as the profile says; the shortest that breaks the client is the finding."""
    told = Told()
    machine: Any = type("Machine", (_Machine,), {"client": client, "tenant": tenant, "told": told})
    hypothesis.seed(seed)(machine)
    try:
        run_state_machine_as_test(machine, settings=settings())
    except Flaky:
        if not told.breaches:
            raise
        # What was seen was seen, though the same steps did not lead to it again; the first story is told as it was.
        first = told.breaches[0]
        first.add_note("the same steps did not lead to it again: the client keeps something, or does something aside")
        raise first from None
    finally:
        # Trouble that one story ended before it was met proves nothing, and is not meant to.
        tenant.armed.forget()
    if not told.troubles_met:
        untestable("in no story did the client meet a server in trouble")


@requirement(
    "story.of-tokens",
    level=INTEROP,
    source="practice; RFC 6749 1.5, 5.1, 6",
    capabilities=["cache"],
    statement="Whatever happens in whatever order, an application gets tokens that are good, and errors only for a reason.",
)
def test_of_tokens(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: generated stories, as long as the profile says.

    Get tokens, alone and together, use and refresh them; time passes and goes back; the server revokes, rotates and
    fails; the client is configured anew.

    Check: every token handed out is in force and of the configuration in force; a good one is not asked for anew; there
    is no error without trouble, and none that the client does not document; no loop of requests.
    """
    _told(client, tenant, seed)


@requirement(
    "story.of-sessions",
    level=INTEROP,
    source="practice; RFC 6749 6, RFC 9700 4.14.2",
    grants=[REFRESH_TOKEN],
    capabilities=["refresh"],
    statement="Whatever happens in whatever order, a session that the server has not ended goes on.",
)
def test_of_sessions(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: as for story.of-tokens, of clients that refresh, whether they keep tokens or not. Check: as there."""
    _told(client, tenant, seed)
