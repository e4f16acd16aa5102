"""The state machine (story.*) finds bugs of time and rotation, and shrinks each to a story of a few steps."""

import pytest

from oauth_gauntlet_scenarios.story.story import NOT_REPRODUCED
from tests.selftest import bugs, kills, reach
from tests.selftest.bugs import callers, clocks, lifetimes, renewal, resource, rotation
from tests.selftest.kill_matrix import run

FAMILIES = {module.__name__ for module in (lifetimes, clocks, renewal, rotation, callers, resource)}

NOT_IN_A_STORY = {
    "ServersClockBelieved": "the clocks of a story agree",
    "DateBelieved": "the clocks of a story agree",
    "HugeLifetimeCrashes": "no token of a story lives for that long",
    "MissingLifetimeCrashes": "a client that refuses a response without expires_in gets none in a story",
    "OnArrivalLoops": "no token of a story has expired on arrival",
    "InvalidGrantRepeated": "no story ends a session",
    "InvalidGrantSwallowed": "no story ends a session",
    "RefreshTokenLowered": "a story starts with a client that gets a token",
    "NullReplacesRefreshToken": "no refresh token of a story is null",
    "ScopeAskedAgain": "no story has a scope",
    "RetriesForEver": "no resource of a story rejects a token for ever",
    "PortNotCompared": "no resource of a story redirects",
    "PasswordSentAgain": "a story judges answers and tokens, not the grant of a renewal",
    "RefreshTokenToResource": "a story judges answers and tokens, not what else a request contains",
    "RenewsOn403": "no resource of a story requires another scope",
    "RetryWithoutBody": "no request of a story has a body",
    "TokenSmuggles": "no token of a story contains a line end",
    "BareReturnSmuggles": "no token of a story contains a line end",
    "TokenInQuery": "every request of a story is rejected; other scenarios explain that",
    "UnknownTypeInQuery": "every token of a story has the type Bearer",
    "TokenScheme": "every request of a story is rejected; other scenarios explain that",
    "TenGenerations": "no story rotates the refresh token ten times",
    "TimeoutBlocks": "no story waits in real time",
    "TimerOverflows": "no story waits in real time",
    "CancelledForGood": "no caller of a story is cancelled",
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


@pytest.mark.parametrize("name", FOUND)
def test_a_story_finds_the_bug_in_a_few_steps(results_by_bug, name):
    results = results_by_bug[name].values()
    assert {result.verdict for result in results} <= {"pass", "warning"}
    found = [result for result in results if result.verdict == "warning"]
    steps = min((sum(note.startswith("story, step") for note in result.notes) for result in found), default=0)
    not_shrunk = name in OUTLIVES_A_STORY and NOT_REPRODUCED in str(found)
    assert 0 < steps <= MOST_STEPS or (steps and not_shrunk)
