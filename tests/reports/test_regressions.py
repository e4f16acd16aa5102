"""After a change that breaks a client, its cause is the first thing in every report, and on the terminal."""

import io
import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from oauth_gauntlet.cli import main
from oauth_gauntlet.judging.run_end import print_shortly, print_summary
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import evaluate
from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.kinds import MATRIX_KINDS, REPORT_KINDS

pytestmark = pytest.mark.slow

REGRESSIONS = {"TextPlain": "request.content-type", "RefreshTokenAsCode": "refresh.request"}

KEYWORD = "sanity or request.content-type or refresh.request or encoding.reserved or http.chunked or secrecy.error-text"


@pytest.fixture(scope="module", params=[(name, more) for name in REGRESSIONS for more in ((), ("--keep-going",))], ids=str)
def regression(request, tmp_path_factory):
    """Return the run of a client with a regression, and the requirement that is the cause."""
    name, more = request.param
    stream = tmp_path_factory.mktemp(name) / "results.jsonl"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", f"py:tests.regressions:{name}", "-q"]
    command += ["-k", KEYWORD, "--grant", "refresh_token", "--grant", "password", "--results", str(stream), *more]
    done = subprocess.run(command, capture_output=True, text=True, timeout=6000, check=False)
    assert done.returncode == 1, done.stdout + done.stderr
    return read_run_file(stream), REGRESSIONS[name]


def printed(show, run, **more):
    console = Console(file=io.StringIO(), width=80)
    show(console, run, evaluate(run, Expectations(), strict=False, today=date(2026, 1, 2)), **more)
    return console.file.getvalue()


def first(pattern, text):
    return re.search(pattern, text, re.MULTILINE | re.DOTALL)[1]


def test_the_terminal(regression):
    run, cause = regression
    text = printed(print_summary, run, verbose=False)
    assert first(r"^VIOLATION  ([a-z.-]+)\[", text) == cause
    assert first(r"^  1\. violation ([a-z.-]+):", text) == cause
    assert first(r"^  1\. violation ([a-z.-]+):", printed(print_shortly, run)) == cause


def test_the_gate(regression, tmp_path, monkeypatch, capsys):
    run, cause = regression
    monkeypatch.chdir(tmp_path)
    Path("r.json").write_text(json.dumps(run.to_json()))
    assert main(["gate", "r.json"]) == 1
    text = capsys.readouterr().out
    assert first(r"^(?:violation|hazard|warning)  ([a-z.-]+)\[", text) == cause
    counted = {result.id for result in run.results if result.verdict.failing or result.verdict is Verdict.UNTESTABLE}
    folded = {result.id for result in run.results if result.verdict is Verdict.CONSEQUENCE} - counted
    below = first(r"^  \d+ requirements? cannot be met because of this: (.*?)\n", text)
    assert folded
    assert folded <= set(below.split(", "))


def test_github_annotations(regression):
    run, cause = regression
    assert first(r"\A::error title=violation ([a-z.-]+)::", REPORT_KINDS["github"](run)) == cause


def test_markdown(regression):
    run, cause = regression
    text = REPORT_KINDS["markdown"](run)
    assert first(r"\|---\|---\|---\|---:\|---\|\n\| [^\n]*?`([a-z.-]+)`", text) == cause
    assert first(r"### Evidence\n\n<details><summary>[^\n]*(?=</summary>)(.*?)</details>", text).count(cause) > 0


def test_html(regression):
    run, cause = regression
    text = REPORT_KINDS["html"](run)
    assert first(r'id="first-title".*?<a href="#r-([a-z.-]+)"', text) == cause
    assert first(r'<article class="cause [^>]*id="r-([a-z.-]+)"', text) == cause


def test_sarif(regression):
    run, cause = regression
    (found,) = json.loads(REPORT_KINDS["sarif"](run))["runs"]
    assert found["tool"]["driver"]["rules"][0]["id"] == cause
    assert found["results"][0]["ruleId"] == cause


def test_junit(regression):
    run, cause = regression
    case = ET.fromstring(REPORT_KINDS["junit"](run)).find("testsuite/testcase")
    assert case.get("name").startswith(f"{cause}[")
    assert case.find("failure") is not None


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [("html", r'class="meta worst">[^<]*<a href="#[^"]*open=([a-z.-]+)"'), ("markdown", r"## Worst causes.*?`([a-z.-]+)`")],
)
def test_the_matrix(regression, kind, pattern):
    run, cause = regression
    assert first(pattern, MATRIX_KINDS[kind](matrix([run, run]))) == cause
