"""``gate``: the first line, the failures with what they rest on, and the update of a baseline of an earlier version."""

import json

import pytest

from oauth_gauntlet.cli import main
from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import damage, quote

OLD = """\
[[expect]]
scenario = "a.b"
verdict = "fail"
reason = "our gateway needs it"
"""


def result(verdict, name="a.b", level=Level.MUST, basis=()):
    return Result(
        id=name,
        scenario=f"{name}[password]",
        grant="password",
        level=level,
        basis=basis,
        statement="It does.",
        verdict=verdict,
        message="expected this; seen that",
    )


RUN = Run(
    tool_version="0",
    client={"name": "c", "version": "1"},
    declared={},
    options={"seed": 1},
    started_at="2026-01-02T03:04:05Z",
    complete=True,
    results=(
        result(Verdict.VIOLATION, basis=(quote("RFC 6749 2.3", "It MUST do so."),)),
        result(Verdict.HAZARD, "a.h", Level.UNSAFE, (damage("A secret."),)),
        result(Verdict.PASS, "a.p"),
    ),
)


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.json").write_text(json.dumps(RUN.to_json()))
    return tmp_path


def test_the_first_line_counts_and_each_failure_says_what_it_rests_on(results, capsys):
    assert main(["gate", "r.json"]) == 1
    lines = " ".join(capsys.readouterr().out.split())
    assert lines == (
        "c 1 meets 1 of 2 applicable RFC requirements; 1 hazard; 0 warnings (set all, seed 1) "
        'violation a.b[password]: expected this; seen that RFC 6749 2.3, binds the client: "It MUST do so." '
        "hazard a.h[password]: expected this; seen that What is lost: A secret. "
        "2 unexpected verdicts (exit code 1)"
    )


def test_a_baseline_of_an_earlier_version_is_one_error_that_says_what_to_do(results, capsys):
    (results / "oauth-gauntlet.expect.toml").write_text(OLD)
    assert main(["gate", "r.json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert "oauth-gauntlet.expect.toml, entry 1 (scenario 'a.b')" in line
    assert "`oauth-gauntlet gate FILE.jsonl --update`" in line


def test_an_update_migrates_it_and_prints_what_changed(results, capsys):
    file = results / "oauth-gauntlet.expect.toml"
    file.write_text(OLD)
    assert main(["gate", "r.json", "--update"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[:3] == [
        "a.b: fail is now violation",
        "added 1 verdict: write the reasons in place of 'TODO: say why'",
        "oauth-gauntlet.expect.toml: 2 entries",
    ]
    assert "2 known failures" in " ".join(shown.split())
    assert file.read_text().startswith(OLD.replace('"fail"', '"violation"'))
    assert main(["gate", "r.json"]) == 0
