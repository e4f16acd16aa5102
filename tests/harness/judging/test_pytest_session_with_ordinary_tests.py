"""The plugin with ordinary tests in the same session, and with an adapter that answers hello with an error."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

MIXED = '''
from oauth_gauntlet.requirement import MUST, PASSWORD, requirement, rule

@requirement("mine.second", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def test_scenario(client):
    """Do: get a token."""
    client.get_token()

@requirement("sanity.last", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def test_last(client):
    """Do: get a token."""
    client.get_token()

@requirement("sanity.first", level=MUST, basis=rule("Mine 1", "So."), statement="It passes.", grants=[PASSWORD])
def test_first(client):
    """Do: get a token."""
    client.get_token()

def test_ordinary():
    pass
'''

NO_HELLO = """
import json, sys
for line in sys.stdin:
    error = {"kind": "unexpected", "message": "the client is not installed"}
    print(json.dumps({"id": json.loads(line)["id"], "error": error}), flush=True)
"""

REFERENCE = "py:oauth_gauntlet.reference:make_client"


def python(folder, *arguments):
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)


def judged(folder, *arguments):
    (folder / "test_mixed.py").write_text(MIXED)
    options = ["--rootdir=.", "--oauth-client", REFERENCE, "--oauth-results", "r.jsonl", *arguments]
    done = python(folder, "pytest", "-q", "-p", "no:cacheprovider", *options, ".")
    return done, [json.loads(line) for line in (folder / "r.jsonl").read_text().splitlines()]


def of_type(lines, kind):
    return [line for line in lines if line["type"] == kind]


def is_complete(done, lines):
    assert "4 passed" in done.stdout
    assert len(of_type(lines, "result")) == 3
    assert [line["total"] for line in of_type(lines, "plan")] == [3]
    assert of_type(lines, "footer")[0]["complete"] is True


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return judged(tmp_path_factory.mktemp("whole"))


def test_a_run_with_ordinary_tests_is_complete_with_its_scenarios(whole):
    is_complete(*whole)


def test_a_run_with_ordinary_tests_and_a_worker_is_complete_too(tmp_path):
    is_complete(*judged(tmp_path, "-n", "1"))


def test_the_sanity_exchanges_run_first_and_last(whole):
    assert [line["id"] for line in of_type(whole[1], "result")] == ["sanity.first", "mine.second", "sanity.last"]


def test_the_header_of_a_whole_run_has_no_selection(whole):
    assert whole[1][0]["options"]["selection"] is None


def test_the_header_of_a_restricted_run_contains_its_selection(tmp_path):
    _, lines = judged(tmp_path, "-k", "mine", "--oauth-level", "must", "--oauth-grant", "password")
    assert lines[0]["options"]["selection"] == {"grants": ["password"], "level": "must", "keyword": "mine"}
    assert len(of_type(lines, "result")) == of_type(lines, "plan")[0]["total"]


@pytest.mark.parametrize("command", [["adapter", "check"], ["run", "--client"]], ids=" ".join)
def test_an_error_as_answer_to_hello_is_one_sentence_and_exit_code_3(tmp_path, command):
    (tmp_path / "adapter.py").write_text(NO_HELLO)
    done = python(tmp_path, "oauth_gauntlet", *command, f"{sys.executable} adapter.py")
    output = done.stdout + done.stderr
    assert "the client is not installed" in output
    assert "Traceback" not in output
    assert "INTERNALERROR" not in output
    assert done.returncode == 3
