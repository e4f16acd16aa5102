"""The state machine finds bugs of time and rotation by itself, and tells each in a few steps."""

import json
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import time_mutants  # noqa: E402
from broken import bugs_of  # noqa: E402
from judged import judged  # noqa: E402

NOT_IN_A_STORY = {
    "ServersClockBelieved": "the clocks of a story agree",
    "OnArrivalLoops": "no token of a story has expired on arrival",
    "InvalidGrantRepeated": "no story ends a session",
    "InvalidGrantSwallowed": "no story ends a session",
    "ScopeAskedAgain": "no story has a scope",
    "RetriesForEver": "no resource of a story refuses for good",
    "RenewsOn403": "no resource of a story wants another scope",
    "RetryWithoutBody": "no request of a story has a body",
    "TimeoutBlocks": "no story waits in real time",
    "CancelledForGood": "no caller of a story is cancelled",
}
FOUND = [bug for bug in bugs_of(time_mutants) if bug.__name__ not in NOT_IN_A_STORY]
MOST_STEPS = 8


def test_there_are_enough_of_them():
    assert len(FOUND) >= 15
    assert {bug.__name__ for bug in bugs_of(time_mutants)} >= set(NOT_IN_A_STORY)


@pytest.mark.parametrize("bug", FOUND, ids=lambda bug: bug.__name__)
def test_a_story_finds_it(bug, tmp_path):
    results = judged(f"py:time_mutants:{bug.__name__}", ["story."], tmp_path)
    found = [each for each in results.values() if each["verdict"] == "warn"]
    assert found, json.dumps({name: each["message"] for name, each in results.items()})
    steps = min(sum(note.startswith("story, step") for note in each["notes"]) for each in found)
    assert 0 < steps <= MOST_STEPS
    assert all(each["verdict"] in {"pass", "warn"} for each in results.values())
