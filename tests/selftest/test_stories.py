"""The state machine (story.*) finds bugs of time, rotation and recovery, and shrinks each to a story of a few steps."""

import pytest

from oauth_gauntlet_scenarios.story.story import NOT_REPRODUCED
from tests.selftest import bugs, kills, reach
from tests.selftest.bugs import callers, clocks, concurrent_requests, lifetimes, renewal, resource, rotation
from tests.selftest.kill_matrix import run

FAMILIES = {module.__name__ for module in (lifetimes, clocks, renewal, rotation, callers, resource, concurrent_requests)}

NOT_IN_A_STORY = {
    "ServersClockBelieved": "the clocks of a story agree",
    "DateBelieved": "the clocks of a story agree",
    "HugeLifetimeCrashes": "no token of a story lives for that long",
    "MissingLifetimeCrashes": "a client that refuses a response without expires_in gets none in a story",
    "OnArrivalLoops": "no token of a story has expired on arrival",
    "LeewayAsLongAsTheLife": "a story allows a leeway of five minutes",
    "EarlyFailureWithholds": "no renewal of a story fails shortly before the end of a token",
    "EarlyFailureLengthens": "no renewal of a story fails shortly before the end of a token",
    "EarlyRefusalGivesUp": "no renewal of a story fails shortly before the end of a token",
    "InvalidGrantSwallowed": "no story ends a session",
    "RefreshTokenLowered": "a story starts with a client that gets a token",
    "NullReplacesRefreshToken": "no refresh token of a story is null",
    "ScopeAskedAgain": "no story has a scope",
    "PortNotCompared": "no resource of a story redirects",
    "PasswordSentAgain": "a story judges answers and tokens, not the grant of a renewal",
    "RefreshTokenToResource": "a story judges answers and tokens, not what else a request contains",
    "RetryWithoutBody": "no request of a story has a body",
    "TokenSmuggles": "no token of a story contains a line end",
    "BareReturnSmuggles": "no token of a story contains a line end",
    "CachedTokenSmuggles": "no token of a story contains a line end",
    "ResponsesSwapped": "threads decide which response each caller of a story gets",
    "FailedRecoveryIsFinal": "a renewal that fails right after a refusal, and a further refusal, are too rare together",
    "TokenInQuery": "every request of a story is rejected; other scenarios explain that",
    "UnknownTypeInQuery": "every token of a story has the type Bearer",
    "BearerAsTheServerSpellsIt": "every token of a story has the type Bearer",
    "TokenScheme": "every request of a story is rejected; other scenarios explain that",
    "TenGenerations": "no story rotates the refresh token ten times",
    "TimeoutBlocks": "no story waits in real time",
    "TimerOverflows": "no story waits in real time",
    "OneTokenForAll": "no story has two clients in one process",
    "CacheByTokenUrl": "no story has two clients in one process",
    "CacheByClientId": "no story has two clients in one process",
    "CacheWithoutScope": "no story has two clients in one process",
    "CacheWithoutUser": "no story has two clients in one process",
    "CacheWithoutResource": "no story has two clients in one process",
    "CacheWithoutAudience": "no story has two clients in one process",
    "CancelledForGood": "no caller of a story is cancelled",
    "CancelDropsTheRenewal": "no caller of a story is cancelled",
    "CancelFailsTheWaiting": "no caller of a story is cancelled",
    "LastRequestRepeated": "no request of a story has a body or a field of its own",
    "RepeatsUntilAnotherToken": "no server of a story issues the same token again",
}
FOUND = [bug.name for bug in bugs.Bug if bug.value.__module__ in FAMILIES and bug.name not in NOT_IN_A_STORY]
STORIES = [name for requirement in ("story.of-tokens", "story.of-sessions") for name in kills.all_scenarios()[requirement]]
MOST_STEPS = 8

OUTLIVES_A_STORY = {"CacheOfTheProcess"}
"""The state of these bugs survives into the next story. If the same steps then do not fail again, Hypothesis cannot shrink."""


@pytest.fixture(scope="module")
def results_by_bug(tmp_path_factory):
    """The results of the stories of each bug, up to the first that finds it, with the options of `oauth-gauntlet run`."""
    jobs = {name: {"spec": reach.spec_of(bugs.Bug[name].value), "scenarios": STORIES, "ends_with": "warning"} for name in FOUND}
    return run(jobs, tmp_path_factory.mktemp("stories"), effort="thorough", options=("--oauth-seed=1",))


def test_there_are_enough_bugs_to_find():
    assert len(FOUND) >= 15
    assert bugs.Bug.__members__.keys() >= NOT_IN_A_STORY.keys()


def fewest_steps(results):
    """Return the number of steps of the shortest story with a finding, or 0."""
    assert {result.verdict for result in results} <= {"pass", "warning"}
    found = [result for result in results if result.verdict == "warning"]
    return min((sum(note.startswith("story, step") for note in result.notes) for result in found), default=0)


@pytest.mark.parametrize("name", FOUND)
def test_a_story_finds_the_bug_in_a_few_steps(results_by_bug, name):
    results = results_by_bug[name].values()
    steps = fewest_steps(results)
    not_shrunk = name in OUTLIVES_A_STORY and NOT_REPRODUCED in str(results)
    assert 0 < steps <= MOST_STEPS or (steps and not_shrunk)


def test_effort_ci_finds_a_lifetime_that_is_read_only_once(tmp_path):
    job = {"spec": reach.spec_of(lifetimes.FirstLifetimeForAll), "scenarios": STORIES, "ends_with": "warning"}
    results = run({"FirstLifetimeForAll": job}, tmp_path, effort="ci", options=("--oauth-seed=1",))
    assert 0 < fewest_steps(results["FirstLifetimeForAll"].values()) <= MOST_STEPS
