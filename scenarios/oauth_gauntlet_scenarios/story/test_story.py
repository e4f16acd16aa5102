"""Stories: operations, faults and time jumps in any order, generated and shrunk by hypothesis."""

from __future__ import annotations

from typing import Any

import hypothesis
from hypothesis import settings
from hypothesis.errors import Flaky
from hypothesis.stateful import run_state_machine_as_test

from oauth_gauntlet.checks import Breach, Untestable, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ResourceRequest
from oauth_gauntlet.requirement import INTEROP, REFRESH_TOKEN, practice, quote, requirement
from oauth_gauntlet_scenarios.story.machine import StoryMachine
from oauth_gauntlet_scenarios.story.story import NOT_REPRODUCED, StoryFindings
from oauth_gauntlet_server import Tenant, faults


def _run_stories(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Run as many stories as the effort requires; the shortest one that fails is the finding."""
    client.control()
    findings = StoryFindings()
    known = {"client": client, "tenant": tenant, "findings": findings, "needs_lifetime": _needs_lifetime(client)}
    known["sends_at_once"] = _sends_at_once(client)
    machine: Any = type("Machine", (StoryMachine,), known)
    hypothesis.seed(seed)(machine)
    try:
        run_state_machine_as_test(machine, settings=settings())
    except Flaky:
        if not findings.failures:
            raise
        # The same steps did not fail again. The failure was real nevertheless: report the first story as it was, a
        # finding before what ended a story without one.
        first = next((each for each in findings.failures if isinstance(each, Breach)), findings.failures[0])
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


def _sends_at_once(client: LabClient) -> bool:
    """Return whether the client sends concurrent requests, and its adapter can ask for them."""
    if not client.hello.capabilities >= {"parallel", "resource"}:
        return False
    other = client.at_another_tenant()
    try:
        other.requests([ResourceRequest(url=other.tenant.resource_url)])
    except Untestable:
        return False
    return True


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
    "resource.401-persistent",
    "resource.403-no-renewal",
    "resource.403-spelling",
    "resource.challenge-spelling",
    "resource.refusal-forms",
    "resource.bearer-header",
    "trouble.outage-ends",
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
        "expiry.each-by-itself",
        "resource.recovered-token-kept",
        "concurrency.single-flight",
        "concurrency.same-answer",
        "concurrency.rotation-survives",
        "concurrency.requests-expired",
        "concurrency.requests-renew-once",
        "concurrency.requests-rotation",
        "concurrency.late-refusal",
        "concurrency.requests-not-mixed",
        "concurrency.failure-frees",
        "concurrency.no-mixing",
    ],
    capabilities=["cache"],
    statement="In any order of events, an application gets valid tokens, and an error only after a fault.",
)
def test_of_tokens(client: LabClient, tenant: Tenant, seed: int) -> None:
    """Do: generated stories, as many and as long as the effort requires.

    The application gets tokens and uses them (one caller, several at once), and refreshes them; time passes or goes
    back; the server revokes, rotates, changes the lifetime of new tokens, and fails, once or for some steps; the
    resource refuses tokens in every form; the client is configured again.

    Check: each token that the application gets is valid and of the current configuration; a valid token is
    not requested again; callers share a renewal, and get the response to their own request; there is no error without
    a fault, no error that the client does not document, and no loop of requests.
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
