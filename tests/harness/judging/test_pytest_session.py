"""The plugin in a real pytest process: selection, verdicts, results stream, usage errors."""

import json
import subprocess
import sys

import pytest

SCENARIOS = '''
from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, MUST, PASSWORD, PROFILE, page, practice, requirement, rule
from oauth_gauntlet_server import faults

@requirement("mine.pass", level=MUST, basis=rule("Mine 1", "So."), statement="Passes.", grants=[PASSWORD, CLIENT_CREDENTIALS])
def test_pass(client):
    """Do: get a token."""
    client.get_token()

@requirement("mine.fail", level=MUST, basis=rule("Mine 1", "So."), statement="It fails.", grants=[PASSWORD])
def test_fail(client):
    """Do: get a token. Check: the impossible."""
    client.get_token()
    require(False, expected="the impossible", seen="the possible")

@requirement("mine.warn", level=INTEROP, basis=practice("mine"), statement="It warns.", grants=[PASSWORD])
def test_warn(client):
    """Check: the impossible."""
    require(False, expected="the impossible", seen="the possible")

@requirement("mine.unfired", level=MUST, basis=rule("Mine 1", "So."), statement="Its fault never fires.", grants=[PASSWORD])
def test_unfired(client, tenant):
    """Do: arm a fault at an endpoint that gets no request."""
    tenant.arm(faults.oauth_error("invalid_grant"), endpoint="revoke")
    client.get_token()

@requirement("mine.broken", level=MUST, basis=rule("Mine 1", "So."), statement="It breaks.", grants=[PASSWORD])
def test_broken(client):
    """Do: break."""
    raise ZeroDivisionError

@requirement("mine.half", level=MUST, basis=rule("Mine 1", "So."), statement="It sees half a pair.", grants=[PASSWORD])
def test_half(client):
    """Check: the impossible."""
    require(False, expected="a whole pair", seen="\\udc00")

@requirement("mine.needs", level=MUST, basis=rule("Mine 1", "So."), statement="It needs.", auth_methods=["tls_client_auth"])
def test_needs(client):
    """Do: nothing."""

@requirement("mine.minutes", level=MUST, basis=rule("Mine 1", "So."), statement="It waits for minutes.", grants=[PASSWORD],
             thorough=True)
def test_minutes(client):
    """Do: get a token."""
    client.get_token()

@requirement("mine.page", level=PROFILE, profile="scim-connector", basis=page("the page", "It is so."), statement="It is so.",
             grants=[PASSWORD])
def test_page(client):
    """Do: get a token. Check: the impossible."""
    client.get_token()
    require(False, expected="the impossible", seen="the possible")
'''

pytestmark = pytest.mark.slow

OUT = ["--oauth-results", "results.jsonl"]


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_mine.py").write_text(SCENARIOS)

    def call(*arguments):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", ".", *OUT, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=6000,
            check=False,
        )
        lines = []
        if (tmp_path / "results.jsonl").exists():
            lines = [json.loads(line) for line in (tmp_path / "results.jsonl").read_text().splitlines()]
        return done, lines

    return call


REFERENCE = ["--oauth-client", "py:oauth_gauntlet.reference:make_client"]

VERDICTS = {
    "mine.pass[password]": "pass",
    "mine.pass[client_credentials]": "pass",
    "mine.fail[password]": "violation",
    "mine.warn[password]": "warning",
    "mine.unfired[password]": "untestable",
    "mine.broken[password]": "error",
    "mine.half[password]": "violation",
    "mine.page[password]": "deviation",
    "mine.minutes[password]": "not_applicable",
    **{f"mine.needs[{grant}]": "not_applicable" for grant in ("refresh_token", "client_credentials", "jwt-bearer", "password")},
}


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_each_scenario_has_its_verdict_in_the_stream(run, workers):
    done, lines = run(*REFERENCE, *workers)
    header, *results, footer = lines
    assert header["type"] == "header"
    assert header["client"]["name"] == "oauth-gauntlet reference client"
    assert (header["options"]["profiles"], header["options"]["profiles_not_asked"]) == (["scim-connector"], [])
    verdicts = {line["scenario"]: line["verdict"] for line in results if line["type"] == "result"}
    assert verdicts == VERDICTS
    assert footer["complete"]
    assert done.returncode == 1, done.stdout + done.stderr


@pytest.mark.parametrize(("effort", "verdict"), [("quick", "not_applicable"), ("ci", "not_applicable"), ("thorough", "pass")])
def test_a_scenario_that_waits_for_minutes_needs_the_effort_thorough(run, effort, verdict):
    _, (_, *lines) = run(*REFERENCE, "-k", "minutes", "--oauth-effort", effort)
    found = [line for line in lines if line["type"] == "result"]
    assert [line["verdict"] for line in found] == [verdict]
    assert ("needs --effort thorough" in found[0]["message"]) == (verdict == "not_applicable")


def test_a_finding_has_its_exchanges_and_the_command_that_reproduces_it(run):
    _, lines = run(*REFERENCE, "-k", "mine.fail")
    (result,) = [line for line in lines if line.get("scenario") == "mine.fail[password]"]
    assert result["message"] == "expected the impossible; the possible"
    assert result["exchanges"][0]["request"]["body"].startswith("grant_type=password")
    assert "mine.fail[password]" in result["reproduce"]


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_profile_that_is_not_asked_is_no_part_of_the_run(run, workers):
    done, (header, *results, _) = run(*REFERENCE, "--oauth-level", "should", *workers)
    assert (header["options"]["profiles"], header["options"]["profiles_not_asked"]) == ([], ["scim-connector"])
    assert {line.get("id") for line in results} == {None, *(name.partition("[")[0] for name in VERDICTS)} - {
        "mine.warn",
        "mine.page",
    }
    assert "not asked: profile scim-connector (--profile scim-connector)" in done.stdout


@pytest.mark.parametrize("workers", [[], ["-n", "2"]])
def test_a_profile_that_the_user_names_is_asked_and_reproduced_with_its_name(run, workers):
    done, lines = run(*REFERENCE, "--oauth-level", "must", "--oauth-profile", "scim-connector", *workers)
    (result,) = [line for line in lines if line.get("id") == "mine.page"]
    assert result["reproduce"].endswith("--profile scim-connector")
    assert "not asked: profile" not in done.stdout


def test_scenarios_without_a_client_are_a_usage_error(run):
    done, lines = run()
    assert lines == []
    assert done.returncode == 4
    assert "name one with --oauth-client SPEC" in done.stderr


def test_ordinary_tests_without_a_client_are_not_affected(tmp_path):
    (tmp_path / "test_theirs.py").write_text("def test_it():\n    pass\n")
    arguments = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", "."]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0
    assert "1 passed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--oauth-client", "py:no_such_module:make"], "no module named 'no_such_module'"),
        ([*REFERENCE, "--oauth-expect", "missing.toml"], "missing.toml"),
        ([*REFERENCE, "--oauth-results", "x", "--oauth-report", "json=./x"], "is the same file as --results x"),
        ([*REFERENCE, "--oauth-profile", "nobody"], "unknown profile 'nobody'; there are scim-connector"),
    ],
)
def test_bad_input_is_a_usage_error_without_a_traceback(run, arguments, words):
    done, _ = run(*arguments)
    assert done.returncode == 4
    assert words in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


OF_PLATFORM = '''
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.requirement import INTEROP, PASSWORD, practice, requirement

@requirement("mine.stack", level=INTEROP, basis=practice("mine"), statement="Its HTTP stack does.", grants=[PASSWORD],
             variants=["met", "broken", "advised"], platform=True)
def test_stack(client, variant):
    """Do: get a token. Check: the impossible."""
    client.get_token()
    check = advise if variant.name == "advised" else require
    check(variant.name == "met", expected="the impossible", seen="the possible")
'''


def test_a_finding_names_the_platform_that_decides_it_and_advice_does_not(run, tmp_path):
    (tmp_path / "test_mine.py").write_text(OF_PLATFORM)
    _, lines = run(*REFERENCE)
    results = [line for line in lines if line["type"] == "result"]
    assert [(each["verdict"], each["platform"], "HTTP stack" in each["message"]) for each in results] == [
        ("pass", "python", False),
        ("warning", "python", True),
        ("warning", "", False),
    ]


SCRATCH = '''
import tempfile, time
from pathlib import Path
from oauth_gauntlet.checks import require
from oauth_gauntlet.requirement import INTEROP, PASSWORD, practice, requirement, rule

@requirement("mine.scratch", level=INTEROP, basis=practice("mine"), statement="It is there.", grants=[PASSWORD],
             variants={"quick": 0, "slow": 3})
def test_scratch(client, variant):
    """Do: wait until the other worker has ended. Check: the folder for temporary files is there."""
    client.get_token()
    time.sleep(variant.value)
    folder = Path(tempfile.gettempdir())
    require(folder.name == "scratch" and folder.exists(), expected="the folder", seen=f"{folder}")
'''


def test_a_worker_that_ends_does_not_remove_the_shared_temporary_folder(tmp_path):
    (tmp_path / "test_mine.py").write_text(SCRATCH)
    (tmp_path / "scratch").mkdir()
    options = ["--oauth-scratch", str(tmp_path / "scratch"), *REFERENCE, *OUT, "-n", "2"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", ".", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=6000, check=False)
    assert done.returncode == 0, done.stdout
    assert not (tmp_path / "scratch").exists(), "the controller removes the folder at the end"
