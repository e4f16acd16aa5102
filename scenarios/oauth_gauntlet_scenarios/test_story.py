"""Stories: whatever happens, in whatever order. Hypothesis tells them, and shortens the one that breaks a client."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, requirement
from oauth_gauntlet_scenarios.story import Story
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_STEPS = 20

# None of it processes the request: a rotation whose answer is lost ends a session through no fault of the client.
_TROUBLE = {
    "503": faults.http_status(503, "Service Unavailable", content_type="text/plain"),
    "reset": faults.fault("reset_without_answer"),
    "HTML with status 200": faults.http_status(200, "<html>maintenance</html>", content_type="text/html"),
    "no access_token": faults.http_status(200, '{"token_type": "Bearer", "expires_in": 3600}', content_type="application/json"),
    "invalid_request": faults.oauth_error("invalid_request"),
}


class _Machine(RuleBasedStateMachine):
    """What can happen next; the parties are set by `_told`."""

    client: LabClient
    tenant: Tenant

    def __init__(self) -> None:
        super().__init__()
        self.tenant.journal.clear()
        self.tenant.clear_faults()
        self.story = Story(self.client, self.tenant)

    def _can(self, capability: str) -> bool:
        return capability in self.client.hello.capabilities

    @initialize(policy=st.sampled_from(list(RotationPolicy)))
    def begin(self, policy: RotationPolicy) -> None:
        self.story.rotate(policy)

    # Rules are drawn evenly; asking and time stand here twice, since most of what goes wrong needs several of both.

    @rule()
    def get_token(self) -> None:
        self.story.get_token()

    @rule()
    def get_token_again(self) -> None:
        self.story.get_token()

    @precondition(lambda self: self._can("parallel"))
    @rule()
    def several_get_tokens(self) -> None:
        self.story.get_tokens(3)

    @precondition(lambda self: self._can("refresh") and self.client.grant is REFRESH_TOKEN)
    @rule()
    def refresh(self) -> None:
        self.story.refresh()

    @precondition(lambda self: self._can("resource"))
    @rule()
    def use(self) -> None:
        self.story.use()

    @precondition(lambda self: self._can("clock"))
    @rule(seconds=st.sampled_from([60, 3000, -7200, 90_000]))
    def advance(self, seconds: int) -> None:
        self.story.advance(seconds)

    @precondition(lambda self: self._can("clock"))
    @rule()
    def let_expire(self) -> None:
        self.story.advance(3601)

    @rule(what=st.sampled_from([None, *RotationPolicy]))
    def let_the_server_act(self, what: RotationPolicy | None) -> None:
        if what is None:
            self.story.revoke()
        else:
            self.story.rotate(what)

    @rule(seconds=st.sampled_from([20, 30 * 86_400, None]))
    def change_lifetime(self, seconds: int | None) -> None:
        self.story.change_lifetime(seconds)

    @rule(name=st.sampled_from(list(_TROUBLE)))
    def get_into_trouble(self, name: str) -> None:
        self.story.get_into_trouble(name, _TROUBLE[name])

    @rule()
    def configure(self) -> None:
        self.story.configure()


def _told(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Tell stories, as many as the profile says; the shortest that breaks the client is the finding."""
    machine: Any = type("Machine", (_Machine,), {"client": client, "tenant": tenant})
    hypothesis.seed(seed)(machine)
    profile = settings()
    run_state_machine_as_test(machine, settings=settings(profile, stateful_step_count=_STEPS))
    # Trouble that a story ended before it was met proves nothing, and is not meant to.
    tenant.clear_faults()


@requirement(
    "story.of-tokens",
    level=INTEROP,
    source="practice; RFC 6749 1.5, 5.1, 6",
    capabilities=["cache"],
    statement="Whatever happens in whatever order, an application gets tokens that are good, and errors only for a reason.",
)
def test_of_tokens(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: generated stories of up to twenty steps.

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
