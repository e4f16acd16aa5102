"""``gate``: the first line, the failures with what they rest on, and the update of a baseline of an earlier version."""

import json
from dataclasses import replace

import pytest

from oauth_gauntlet.cli import main
from oauth_gauntlet.model import Finding, Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import damage, quote
from oauth_gauntlet.model.consequences import NOT_RUN, SANITY

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


def entry(scenario, verdict="violation", until=None):
    day = "" if until is None else f"until = {until}\n"
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{day}'


def names(number):
    return [f"a.b{number}.v{variant}[password]" for variant in range(3)]


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.json").write_text(json.dumps(RUN.to_json()))
    return tmp_path


def test_the_decision_is_first_and_last_and_each_failure_says_what_it_rests_on(results, capsys):
    assert main(["gate", "r.json"]) == 1
    lines = " ".join(capsys.readouterr().out.split())
    assert lines == (
        "2 unexpected verdicts (exit code 1) "
        "c 1 meets 1 of 2 applicable RFC requirements; 1 hazard; 0 warnings (set all, seed 1) "
        'violation a.b[password]: expected this; seen that RFC 6749 2.3, binds the client: "It MUST do so." '
        "hazard a.h[password]: expected this; seen that What is lost: A secret. "
        "2 unexpected verdicts (exit code 1)"
    )


def test_an_expired_entry_comes_before_the_findings_and_is_not_renewed_by_an_update(results, capsys):
    file = results / "oauth-gauntlet.expect.toml"
    file.write_text(entry("a.b", until="2026-01-31"))
    assert main(["gate", "r.json", "--update"]) == 1
    shown = " ".join(capsys.readouterr().out.split())
    assert "expired a.b: it should have been fixed by 2026-01-31; fix it, or write a later day" in shown
    assert entry("a.b", until="2026-01-31") in file.read_text()
    assert "1 expired entry (exit code 1)" in shown
    assert main(["gate", "r.json"]) == 1
    shown = capsys.readouterr().out
    assert "a.b[password]" not in shown
    assert "oauth-gauntlet.expect.toml, line 1: expired entry: a.b should have been" in shown


def test_an_expired_entry_with_several_patterns_is_one_entry(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    run = replace(RUN, results=tuple(result(Verdict.HAZARD, name, Level.UNSAFE) for name in ("a.one", "a.two", "a.three")))
    (tmp_path / "r.json").write_text(json.dumps(run.to_json()))
    file = tmp_path / "oauth-gauntlet.expect.toml"
    listed = '["a.one", "a.two"]'
    file.write_text(entry("X", "hazard", "2026-01-31").replace('"X"', listed) + entry("a.three", "hazard", "2026-01-30"))
    assert main(["gate", "r.json"]) == 1
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == shown[-1] == "2 expired entries (exit code 1)"
    (first, second) = (line for line in shown if "expired entry: " in line)
    assert "line 1: expired entry: a.one and 1 more pattern should have been fixed by 2026-01-31, and 2 scenarios" in first
    assert "expired entry: a.three should have been fixed by 2026-01-30, and 1 scenario still" in second


def test_findings_of_one_requirement_are_one_line_and_many_requirements_are_counted(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    many = [replace(result(Verdict.VIOLATION, f"a.b{number}"), scenario=name) for number in range(50) for name in names(number)]
    (tmp_path / "r.json").write_text(json.dumps(replace(RUN, results=tuple(many)).to_json()))
    assert main(["gate", "r.json"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("violation") for line in lines) == 40
    assert "violation  a.b0.v0[password] and 2 more: expected this; seen that" in lines
    assert "... and 10 more causes; `oauth-gauntlet report` shows them all" in lines


def test_what_has_the_same_cause_or_follows_from_it_is_below_the_cause(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    answer = {"error": {"kind": "unexpected", "type": "KeyError", "message": "'token'"}}
    finding = Finding(expected="a token", seen="KeyError: 'token'", grade=Verdict.VIOLATION)
    alike = [
        replace(result(Verdict.WARNING, name, Level.INTEROP), answer=answer, findings=(finding,))
        for name in ("a.late", "a.other")
    ]
    worst = replace(result(Verdict.VIOLATION, "z.root"), answer=answer, findings=(finding,))
    follows = replace(result(Verdict.CONSEQUENCE, "a.follows"), follows_from="z.root")
    (tmp_path / "r.json").write_text(json.dumps(replace(RUN, results=(*alike, follows, worst)).to_json()))
    assert main(["gate", "r.json", "--strict"]) == 1
    assert capsys.readouterr().out.splitlines()[2:-1] == [
        "violation  z.root[password]: expected this; seen that",
        "  2 more requirements are not met: the client raised KeyError: 'token': a.late (warning), a.other (warning)",
        "  1 requirement cannot be met because of this: a.follows",
    ]


def test_what_a_results_document_says_to_follow_from_something_stays_so(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first = replace(result(Verdict.CONSEQUENCE, SANITY), follows_from="a.b")
    not_run = replace(result(Verdict.CONSEQUENCE, "a.c"), follows_from="a.b", message=f"{NOT_RUN}the client gets no token")
    (tmp_path / "r.json").write_text(json.dumps(replace(RUN, results=(first, result(Verdict.VIOLATION), not_run)).to_json()))
    assert main(["gate", "r.json"]) == 1
    shown = capsys.readouterr().out
    assert f"2 requirements cannot be met because of this: a.c, {SANITY}" in shown
    assert "untestable" not in shown


@pytest.mark.parametrize("verdict", ["violation", "hazard", "warning", "untestable", "error"])
def test_every_verdict_can_be_known_from_the_first_day(verdict, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    judged = replace(RUN, results=(result(Verdict(verdict)), result(Verdict.PASS, "a.p")))
    (tmp_path / "r.json").write_text(json.dumps(judged.to_json()))
    assert main(["gate", "r.json", "--update", "--strict"]) == 0
    assert f"added    a.b: {verdict}, 1 scenario" in capsys.readouterr().out
    assert main(["gate", "r.json", "--strict"]) == 0
    assert "no unexpected verdict (1 known) (exit code 0)" in capsys.readouterr().out
    assert main(["gate", "r.json", "--strict", "--update"]) == 0
    assert "added" not in capsys.readouterr().out


def test_flaky_verdicts_are_counted(results, capsys):
    (results / "oauth-gauntlet.expect.toml").write_text(entry("a.b").replace("violation", "flaky") + entry("a.h", "hazard"))
    assert main(["gate", "r.json"]) == 0
    assert "no unexpected verdict (1 known, 1 flaky, 0 of them passed) (exit code 0)" in capsys.readouterr().out


def test_a_baseline_of_an_earlier_version_is_one_error_that_says_what_to_do(results, capsys):
    (results / "oauth-gauntlet.expect.toml").write_text(OLD)
    assert main(["gate", "r.json"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    (line,) = shown.err.splitlines()
    assert "oauth-gauntlet.expect.toml, line 1 (scenario 'a.b')" in line
    assert "`oauth-gauntlet gate FILE.jsonl --update`" in line


def test_an_update_migrates_it_and_prints_what_changed(results, capsys):
    file = results / "oauth-gauntlet.expect.toml"
    file.write_text(OLD)
    assert main(["gate", "r.json", "--update"]) == 0
    shown = capsys.readouterr().out
    assert shown.splitlines()[:4] == [
        "a.b: fail is now violation",
        "added    a.h: hazard, 1 scenario",
        "write the reasons of the new entries in place of 'TODO: say why'",
        "kept     1 entry",
    ]
    assert "2 known failures" in " ".join(shown.split())
    assert file.read_text().startswith(OLD.replace('"fail"', '"violation"'))
    assert main(["gate", "r.json"]) == 0


def test_the_baseline_that_the_file_of_the_project_names_is_used_from_day_one(results, monkeypatch, capsys):
    (results / "oauth-gauntlet.toml").write_text('client = "c"\nexpect = "conformance/known.toml"\n')
    (results / "sub").mkdir()
    monkeypatch.chdir(results / "sub")
    assert main(["gate", "../r.json"]) == 1
    assert main(["gate", "../r.json", "--update"]) == 0
    assert main(["gate", "../r.json"]) == 0
    assert (results / "conformance/known.toml").read_text().count("[[expect]]") == 2
    capsys.readouterr()
    assert main(["report", "../r.json", "--report", "github=-"]) == 0
    assert "::error" not in capsys.readouterr().out
    assert main(["gate", "../r.json", "--expect", "missing.toml"]) == 2


def test_a_project_can_be_strict_for_run_and_gate(results, capsys):
    warned = replace(RUN, results=(result(Verdict.WARNING, "a.w", Level.INTEROP),))
    (results / "r.json").write_text(json.dumps(warned.to_json()))
    assert main(["gate", "r.json"]) == 0
    (results / "oauth-gauntlet.toml").write_text("strict = true\n")
    assert main(["gate", "r.json"]) == 1
