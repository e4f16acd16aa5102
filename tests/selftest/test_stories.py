"""The state machine finds bugs of time and rotation by itself, and tells each in a few steps."""

import bugs
import kills
import pytest
from bugs import callers, clocks, lifetimes, renewal, resource, rotation
from matrix import run

FAMILIES = {module.__name__ for module in (lifetimes, clocks, renewal, rotation, callers, resource)}

NOT_IN_A_STORY = {
    "ServersClockBelieved": "the clocks of a story agree",
    "DateBelieved": "the clocks of a story agree",
    "HugeLifetimeCrashes": "no token of a story lives for that long",
    "OnArrivalLoops": "no token of a story has expired on arrival",
    "InvalidGrantRepeated": "no story ends a session",
    "InvalidGrantSwallowed": "no story ends a session",
    "RefreshTokenLowered": "a story begins with a client that gets a token",
    "NullReplacesRefreshToken": "no refresh token of a story is null",
    "ScopeAskedAgain": "no story has a scope",
    "RetriesForEver": "no resource of a story refuses for good",
    "RenewsOn403": "no resource of a story wants another scope",
    "RetryWithoutBody": "no request of a story has a body",
    "TokenSmuggles": "no token of a story holds a line end",
    "BareReturnSmuggles": "no token of a story holds a line end",
    "TokenInQuery": "every request of a story is refused, which is for other scenarios to explain",
    "UnknownTypeInQuery": "every token of a story is of the type Bearer",
    "TokenScheme": "every request of a story is refused, which is for other scenarios to explain",
    "TenGenerations": "no story goes through ten generations",
    "TimeoutBlocks": "no story waits in real time",
    "TimerOverflows": "no story waits in real time",
    "CancelledForGood": "no caller of a story is cancelled",
}
FOUND = [bug.name for bug in bugs.Bug if bug.value.__module__ in FAMILIES and bug.name not in NOT_IN_A_STORY]
STORIES = [name for requirement in ("story.of-tokens", "story.of-sessions") for name in kills.all_scenarios()[requirement]]
MOST_STEPS = 8

OUTLIVES_A_STORY = {"CacheOfTheProcess"}
"""What such a bug keeps changes the next story: where the same steps do not lead to it again, none is made shorter."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What became of the stories of each bug up to the one that finds it, told as `oauth-gauntlet run` tells them."""
    jobs = {name: {"spec": f"py:bugs:{name}", "scenarios": STORIES, "ends_with": "warn"} for name in FOUND}
    return run(jobs, tmp_path_factory.mktemp("stories"), profile="thorough", options=("--oauth-seed=1",))


def test_there_are_enough_of_them():
    assert len(FOUND) >= 15
    assert bugs.Bug.__members__.keys() >= NOT_IN_A_STORY.keys()


@pytest.mark.parametrize("name", FOUND)
def test_a_story_finds_it(told, name):
    outcomes = told[name].values()
    assert {outcome.verdict for outcome in outcomes} <= {"pass", "warn"}
    found = [outcome for outcome in outcomes if outcome.verdict == "warn"]
    steps = min((sum(note.startswith("story, step") for note in outcome.notes) for outcome in found), default=0)
    as_it_was = name in OUTLIVES_A_STORY and "the same steps did not lead to it again" in str(found)
    assert 0 < steps <= MOST_STEPS or (steps and as_it_was)
