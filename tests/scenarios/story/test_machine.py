"""What the scenario reports when a story fails once and then never again."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet_scenarios.story.story import NOT_REPRODUCED

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_a_client_that_hangs_once_is_the_finding_and_not_an_error_of_the_harness(tmp_path):
    results = tmp_path / "results.jsonl"
    scenario = "story.of-tokens[client_credentials]"
    run = ["run", "-q", "--client", "py:tests.adapters.hangs_once:make_client", "--time-limit", "2", "-k", scenario]
    done = subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", *run, "--results", str(results)],
        cwd=ROOT,
        env={**os.environ, "HANGS_ONCE": str(tmp_path / "hung")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    (result,) = (each for each in lines if each["type"] == "result" and each["scenario"] == scenario)
    assert (result["verdict"], result["ending"]) == ("warning", "hang")
    assert any(note.startswith("story, step 1: ") for note in result["notes"])
    assert any(note.startswith(NOT_REPRODUCED) for note in result["notes"])
