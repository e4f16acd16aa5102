"""`run` judges clients that hang and crash, and the next scenario gets a new process."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

SCENARIOS = "sanity.first or wire.truncated or parse.not-json.null or sanity.last"


def judged(client, folder, *, scenarios=SCENARIOS, code=1):
    """Return the results by scenario of a run that ends with an exit code."""
    results = folder / "results.jsonl"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "-q", "--client", client, "--time-limit", "3", "-k", scenarios]
    done = subprocess.run(
        [*command, "--results", str(results)], cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    return {
        each["scenario"].split("[")[0]: each
        for each in lines
        if each["type"] == "result" and each["verdict"] != "not_applicable"
    }


def endings(found):
    return {name: (result["verdict"], result["ending"]) for name, result in found.items() if not name.startswith("sanity")}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_callbacks_that_never_come_and_exceptions_that_nobody_catches(tmp_path):
    found = judged("cmd:node tests/adapters/callbacks_adapter.mjs", tmp_path)
    assert {found[name]["verdict"] for name in ("sanity.first", "sanity.last")} == {"pass"}
    assert endings(found) == {
        "wire.truncated.length": ("violation", "hang"),
        "wire.truncated.whole-document": ("violation", "hang"),
        "wire.truncated.chunk": ("violation", "hang"),
        "parse.not-json.null": (found["parse.not-json.null"]["verdict"], "crash"),
    }
    assert found["parse.not-json.null"]["verdict"] in {"violation", "hazard"}
    assert "HTTP 200" in found["wire.truncated.length"]["message"]
    assert any("callbacks.mjs" in note for note in found["parse.not-json.null"]["notes"])


@pytest.mark.slow
def test_a_python_program_that_hangs_and_one_that_aborts(tmp_path):
    for behaviour, expected in (("hangs on a broken response", "hang"), ("aborts on null", "crash")):
        folder = tmp_path / expected
        folder.mkdir()
        found = judged(f"cmd:{sys.executable} -m tests.adapters.unanswered '{behaviour}'", folder)
        assert {found[name]["verdict"] for name in ("sanity.first", "sanity.last")} == {"pass"}
        assert {result["ending"] for name, result in found.items() if name == "parse.not-json.null"} == {expected}
        assert (found["wire.truncated.length"]["ending"] == "hang") == (expected == "hang")


@pytest.mark.slow
def test_a_client_that_waits_as_the_server_asked_passes_and_the_next_scenario_gets_a_new_process(tmp_path):
    client = f"cmd:{sys.executable} -m tests.adapters.unanswered 'hangs on a broken response'"
    # The scenario of the zone has nothing to compare: such a client exposes no retry_after.
    scenarios = "error.retry-after.429 or zone.retry-after.kolkata or sanity.last"
    found = judged(client, tmp_path, scenarios=scenarios, code=0)
    assert {name: result["verdict"] for name, result in found.items()} == {
        "error.retry-after.429": "pass",
        "sanity.last": "pass",
    }


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", ["hangs before it sends", "exits before it sends"])
def test_a_client_that_sends_nothing_ends_no_run(tmp_path, behaviour):
    client = f"cmd:{sys.executable} -m tests.adapters.unanswered '{behaviour}'"
    found = judged(client, tmp_path, scenarios="sanity.first", code=3)
    assert {name: (result["verdict"], result["ending"]) for name, result in found.items()} == {"sanity.first": ("error", None)}
