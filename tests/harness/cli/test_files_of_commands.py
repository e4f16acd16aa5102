"""No command destroys a file that it reads, or writes one file twice."""

import json
from pathlib import Path

import pytest

from oauth_gauntlet.cli import main
from oauth_gauntlet.model import Verdict
from tests.harness.cli.test_report import run_of

RESULTS = json.dumps(run_of("oauth2", "ruby", Verdict.PASS).to_json())
REFERENCE = ["run", "--client", "py:oauth_gauntlet.reference:make_client", "-k", "sanity.first"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("r.jsonl").write_text(RESULTS)
    Path("s.jsonl").write_text(json.dumps(run_of("oauth2", "rust", Verdict.PASS).to_json()))
    Path("link").symlink_to("r.jsonl")
    Path("known.toml").write_text("")
    Path("oauth-gauntlet.expect.toml").write_text("")
    checked = Path("clients/ruby/r/findings.toml")
    checked.parent.mkdir(parents=True)
    checked.write_text("")
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "r.jsonl", "--report", "html=r.jsonl"],
        ["report", "r.jsonl", "--report", "html=./link"],
        ["report", "r.jsonl", "--report", "json=x", "--report", "html=x"],
        ["report", "r.jsonl", "--report", "html=oauth-gauntlet.expect.toml"],
        ["report", "r.jsonl", "--expect", "known.toml", "--report", "html=known.toml"],
        ["report", "r.jsonl", "s.jsonl", "--report", "html=s.jsonl"],
        [
            *("report", "r.jsonl", "s.jsonl", "--findings", "clients"),
            *("--report", "markdown=clients/ruby/r/findings.toml"),
        ],
        ["gate", "r.jsonl", "--expect", "link", "--update"],
        [*REFERENCE, "--results", "x", "--report", "json=x"],
        [*REFERENCE, "--report", "html=x", "--report", "json=./x"],
        [*REFERENCE, "--expect", "known.toml", "--results", "known.toml"],
        [*REFERENCE, "--results", "oauth-gauntlet.expect.toml"],
    ],
    ids=" ".join,
)
def test_the_command_is_rejected_before_it_writes(arguments, folder, capsys):
    before = {path: path.read_text() for path in folder.rglob("*") if path.is_file()}
    assert main(arguments) == 2
    assert "is the same file as" in capsys.readouterr().err
    assert {path: path.read_text() for path in folder.rglob("*") if path.is_file()} == before


def test_different_files_are_written(folder, capsys):
    assert main(["report", "r.jsonl", "--report", "html=a", "--report", "json=b", "--report", "json=-"]) == 0
    assert json.loads(Path("b").read_text()) == json.loads(capsys.readouterr().out)
