"""Use action.yml in a stand-in for GitHub's runner (`github_runner`): its scripts, its conditions, and what it uploads."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.github_runner import Job

pytestmark = pytest.mark.slow  # starts whole runs

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
REFERENCE = "py:oauth_gauntlet.reference:make_client"
words = runpy.run_path(str(ROOT / ".github/action/judge.py"))["words"]


@pytest.fixture
def job(tmp_path):
    """A job after the step `install`; its virtual environment is the one of these tests."""
    job = Job(tmp_path)
    (job.temp / "oauth-gauntlet").mkdir()
    (job.temp / "oauth-gauntlet/bin").symlink_to(Path(sys.executable).parent)
    return job


def use(job, **inputs):
    given = {"workers": "0", **{name.replace("_", "-"): value for name, value in inputs.items()}}
    return job.use(ACTION, ROOT, given, without={"install"})


def header(used):
    return json.loads((Path(used.outputs["judge"]["folder"]) / "results.jsonl").read_text().splitlines()[0])


def test_a_conforming_client_passes_and_everything_is_kept(job):
    used = use(job, client=REFERENCE, arguments="--grant password -k auth.", sarif="true")
    assert (used.failed, used.outputs["judge"]["exit-code"]) == (False, "0"), used.log
    files = {"results.jsonl", "report.html", "results.sarif", "results.xml", "badge.svg", "summary.md"}
    assert job.artifacts.keys() == {"oauth-gauntlet"}
    assert job.artifacts["oauth-gauntlet"].keys() == files
    assert job.sarif == [used.outputs["judge"]["sarif"]]
    assert "oauth-gauntlet reference client" in used.summary


ARGUMENTS = """\
# which requirements
-k 'auth.none or sanity.first' # two words
--level "must"   --grant \\
  password
--strict
"""


def test_arguments_with_quotes_comments_and_several_lines_arrive(job):
    used = use(job, client=REFERENCE, arguments=ARGUMENTS)
    assert used.outputs["judge"]["exit-code"] == "0", used.log
    selection = {"grants": ["password"], "keyword": "auth.none or sanity.first", "level": "must"}
    assert header(used)["options"]["selection"] == selection
    assert header(used)["options"]["strict"] is True


@pytest.mark.parametrize(
    "text",
    [
        "-k 'a or b' --strict",
        "a#b --c # d 'e",
        "# only a comment",
        "'# none' \"# none\" \\# none",
        "one \\\n  two\\\nthree\n\nfour",
        '"a \\" # b"c#d #e\nf',
        "''  \"\"",
        "",
    ],
)
def test_arguments_are_split_as_bash_splits_them(text):
    script = f"array=(END\n{text}\n)\nprintf '%s\\0' \"${{array[@]}}\""
    split = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout
    assert words(text) == split.split("\0")[1:-1]


def test_a_quotation_without_an_end_fails_the_job_and_judges_nothing(job):
    used = use(job, client=REFERENCE, arguments="--strict -k 'auth.")
    assert (used.failed, used.outputs["judge"]["exit-code"]) == (True, "2")
    assert any(name == "error" and "No closing quotation" in text for name, text in used.commands)
    assert used.summary == ""
    assert job.artifacts["oauth-gauntlet"] == {}


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


def test_new_failures_fail_the_job_and_known_ones_do_not(job):
    (job.workspace / "broken.py").write_text(BROKEN)
    inputs = {"client": "py:broken:Broken", "arguments": "--grant password -k request."}
    used = use(job, **inputs)
    assert used.failed
    assert "error" in [name for name, _ in used.commands]
    assert job.artifacts["oauth-gauntlet"]["report.html"], "the report of a failure is kept"
    gauntlet = job.temp / "oauth-gauntlet/bin/oauth-gauntlet"
    command = [gauntlet, "gate", Path(used.outputs["judge"]["folder"]) / "results.jsonl", "--update"]
    subprocess.run(command, cwd=job.workspace, capture_output=True, check=True)
    assert not use(job, **inputs).failed


def test_two_uses_in_one_job_keep_apart(job):
    inputs = {"arguments": "-k sanity.first --grant password", "sarif": "true"}
    first = use(job, client=REFERENCE, **inputs)
    kept = header(first)
    second = use(job, client=REFERENCE, **inputs)
    third = use(job, client=REFERENCE, artifact="mine", **inputs)
    assert not any(each.failed for each in (first, second, third))
    assert [each.outputs["judge"]["artifact"] for each in (first, second, third)] == [
        "oauth-gauntlet",
        "oauth-gauntlet-2",
        "mine",
    ]
    assert job.artifacts.keys() == {"oauth-gauntlet", "oauth-gauntlet-2", "mine"}
    assert len(set(job.sarif)) == 3
    assert header(first) == kept


@pytest.mark.parametrize("client", ["py:nowhere:make_client", "cmd:"])
def test_a_use_that_fails_before_it_begins_shows_nothing_of_the_one_before_it(job, client):
    use(job, client=REFERENCE, arguments="-k sanity.first --grant password", sarif="true")
    used = use(job, client=client, sarif="true")
    assert used.failed
    assert used.outputs["judge"]["exit-code"] in {"2", "3"}
    assert used.summary == ""
    assert "sarif" not in used.outputs["judge"]
    assert job.artifacts["oauth-gauntlet-2"] == {}
    assert len(job.sarif) == 1


def test_no_artifact_and_no_sarif_without_being_asked(job):
    assert not use(job, client=REFERENCE, arguments="-k sanity.first --grant password", artifact="").failed
    assert (job.artifacts, job.sarif) == ({}, [])


NAMED = """
    def hello(self):
        from dataclasses import replace
        hello = super().hello()
        return replace(hello, client=replace(hello.client, name="::stop-commands::x"))
"""


def test_a_client_whose_name_is_a_workflow_command_stops_none(job):
    (job.workspace / "named.py").write_text(BROKEN + NAMED)
    used = use(job, client="py:named:Broken", arguments="--grant password -k request.")
    assert used.failed
    assert "stop-commands" in used.log
    assert "error" in [name for name, _ in used.commands]


def test_the_step_install_makes_what_the_other_steps_need(tmp_path):
    job = Job(tmp_path)
    used = job.use(ACTION, ROOT, {"client": REFERENCE, "workers": "1", "arguments": "-k sanity.first --grant password"})
    assert not used.failed, used.log


def test_the_stand_in_finds_no_file_outside_of_the_workspace(job):
    used = use(job, client=REFERENCE, arguments="-k sanity.first --grant password")
    (job.workspace / "in.txt").write_text("x")
    assert used.value("hashFiles('in.txt') != ''")
    assert not used.value("hashFiles(format('{0}/report.html', steps.judge.outputs.folder)) != ''")


def test_each_action_that_is_used_is_pinned_to_a_commit():
    uses = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert len(uses) == 2
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in uses)


def test_every_input_and_output_is_described():
    assert all(each.get("description") for each in (*ACTION["inputs"].values(), *ACTION["outputs"].values()))
