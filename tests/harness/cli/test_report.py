"""``report`` of several clients: the matrix, with the findings that were checked by hand."""

import json

import pytest

from oauth_gauntlet.cli import main
from oauth_gauntlet.model import Finding, Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote

ENTRY = """\
[[finding]]
requirement = "scope.x"
does = "Commas it is."
wire = "> scope=a%2Cb"
source = "RFC 6749 3.3"
nature = "defect"
upstream = "none found"
"""


def run_of(name, language, verdict):
    findings = (Finding(expected="a b", seen="a,b", grade=verdict),) if verdict is Verdict.VIOLATION else ()
    result = Result(
        id="scope.x",
        scenario="scope.x[password]",
        grant="password",
        level=Level.MUST,
        basis=(quote("RFC 6749 3.3", "The client MUST do so."),),
        statement="Joined by spaces.",
        verdict=verdict,
        findings=findings,
    )
    return Run(
        tool_version="0",
        client={"name": name, "version": "1", "language": language},
        declared={},
        options={},
        started_at="2026-01-02T03:04:05Z",
        complete=True,
        results=(result,),
    )


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Results of two clients with the same name, one of which fails; the checked findings are in ``clients``."""
    monkeypatch.chdir(tmp_path)
    for language, verdict in (("ruby", Verdict.VIOLATION), ("rust", Verdict.PASS)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "oauth2.jsonl").write_text(json.dumps(run_of("oauth2", language, verdict).to_json()))
        (tmp_path / "clients" / language / "oauth2").mkdir(parents=True)
    (tmp_path / "clients" / "ruby" / "oauth2" / "findings.toml").write_text(ENTRY)
    return ["ruby/oauth2.jsonl", "rust/oauth2.jsonl"]


def test_two_clients_of_one_name_and_of_two_languages_are_a_matrix(files, tmp_path):
    kinds = [part for kind in ("html", "markdown", "findings") for part in ("--report", f"{kind}=out/{kind}")]
    assert main(["report", *files, "--findings", "clients", *kinds]) == 0
    assert "Commas it is." in (tmp_path / "out" / "html").read_text()
    assert "| oauth2 | 1 | ruby | 0 of 1 | 1 |" in (tmp_path / "out" / "markdown").read_text()
    assert "All failures are checked (1)." in (tmp_path / "out" / "findings").read_text()


def test_a_stale_entry_is_named_and_the_exit_code_is_1(files, tmp_path, capsys):
    (tmp_path / "clients" / "rust" / "oauth2" / "findings.toml").write_text(ENTRY)
    assert main(["report", *files, "--findings", "clients", "--report", "findings=out.md"]) == 1
    message = "oauth2 1 (rust): findings.toml has an entry scope.x, but this requirement passes now, fails only as a "
    message += "consequence of another one, or belongs to a profile; remove the entry"
    assert capsys.readouterr().err == f"{message}\n"
    assert "Entries for requirements that no longer fail" in (tmp_path / "out.md").read_text()


def test_findings_are_for_a_matrix(files, capsys):
    assert main(["report", files[0], "--findings", "clients", "--report", "html=x.html"]) == 2
    assert "--findings: is for a matrix; give the results files of several clients" in capsys.readouterr().err
    assert main(["report", *files, "--findings", "nowhere", "--report", "html=x.html"]) == 2
    assert "--findings nowhere: there is no such folder" in capsys.readouterr().err
