"""Run the shell steps of action.yml as GitHub's runner does: bash -e, with its variables and files."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.slow  # starts whole runs

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"] if "id" in step}


@pytest.fixture
def runner(tmp_path):
    """A runner after the step `install`; its virtual environment is the one of these tests."""
    (tmp_path / "oauth-gauntlet").mkdir()
    (tmp_path / "oauth-gauntlet/bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "work").mkdir()
    return tmp_path


def judged(runner, **inputs):
    """Run the steps `judge` and `decide`; return the exit code of `decide`, the process of `judge`, outputs and summary."""
    given = {name: str(each.get("default", "")) for name, each in ACTION["inputs"].items()}
    given |= {name.replace("_", "-"): value for name, value in inputs.items()}
    files = {name: runner / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    environment = {**os.environ, "RUNNER_TEMP": str(runner), **{name: str(file) for name, file in files.items()}}

    def step(name, outputs):
        def filled(text):
            values = {f"inputs.{key}": value for key, value in given.items()}
            values |= {f"steps.judge.outputs.{key}": value for key, value in outputs.items()}
            return re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda found: values[found[1]], text)

        assert "${{" not in STEPS[name]["run"], "an expression inside a script is a script injection"
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            cwd=runner / "work",
            env=environment | {key: filled(value) for key, value in STEPS[name]["env"].items()},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    done = step("judge", {})
    assert done.returncode == 0, done.stderr
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return step("decide", outputs).returncode, done, outputs, files["GITHUB_STEP_SUMMARY"].read_text()


def test_a_conforming_client_passes_and_its_reports_are_written(runner):
    code, _, outputs, summary = judged(
        runner, client="py:oauth_gauntlet.reference:make_client", arguments="--grant password\n-k auth.\n", workers="0"
    )
    assert (code, outputs["exit-code"]) == (0, "0")
    header = json.loads((Path(outputs["folder"]) / "results.jsonl").read_text().splitlines()[0])
    assert header["options"]["selection"] == {"grants": ["password"], "keyword": "auth."}
    assert outputs["sarif"] == f"{outputs['folder']}/results.sarif"
    found = {path.name for path in Path(outputs["folder"]).iterdir()}
    assert found == {"results.jsonl", "report.html", "results.sarif", "results.xml", "badge.svg", "summary.md"}
    assert "oauth-gauntlet reference client" in summary


BROKEN = """
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.token_request import TokenRequestBuilder

class Requests(TokenRequestBuilder):
    def headers(self):
        return {**super().headers(), "Content-Type": "text/plain"}

class Broken(ReferenceClient):
    def request_builder(self, configuration):
        return Requests(configuration)
"""


def test_new_failures_fail_the_job_and_known_ones_do_not(runner):
    (runner / "work/broken.py").write_text(BROKEN)
    inputs = {"client": "py:broken:Broken", "arguments": "--grant password -k request.", "workers": "0"}
    code, done, outputs, _ = judged(runner, **inputs)
    assert code == 1
    assert "::error" in done.stdout
    gauntlet = runner / "oauth-gauntlet/bin/oauth-gauntlet"
    command = [gauntlet, "gate", Path(outputs["folder"]) / "results.jsonl", "--update"]
    subprocess.run(command, cwd=runner / "work", capture_output=True, check=True)
    (runner / "github_output").unlink()
    (Path(outputs["folder"]) / "results.jsonl").unlink()
    assert judged(runner, **inputs)[0] == 0


def test_a_client_that_cannot_be_loaded_fails_the_last_step(runner):
    old = runner / "oauth-gauntlet-report"
    old.mkdir()
    (old / "results.jsonl").write_text("of another client in the same job")
    code, done, outputs, summary = judged(runner, client="py:nowhere:make_client")
    assert code in {2, 3}
    assert "nowhere" in done.stderr
    assert (list(old.iterdir()), summary, "sarif" in outputs) == ([], "", False)


def test_no_step_looks_for_a_file_outside_of_the_workspace_where_the_runner_finds_none():
    assert ACTION["runs"]["steps"]
    assert not [step for step in ACTION["runs"]["steps"] if "hashFiles" in step.get("if", "")]


def test_every_input_and_output_is_described():
    assert all(each.get("description") for each in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
