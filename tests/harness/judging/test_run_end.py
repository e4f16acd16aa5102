import io
import re
from datetime import date

import pytest
from rich.console import Console

from oauth_gauntlet.judging.run_end import print_shortly, print_summary, summary_text
from oauth_gauntlet.model import Damage, Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate
from oauth_gauntlet.results.report_request import ReportRequest
from tests.reports.conftest import a_result, a_run


def run_of(*verdicts, complete=True, statement="It is so."):
    results = tuple(
        Result(
            id="a.b",
            scenario=f"a.b.v{number}[password]",
            grant="password",
            level=Level.MUST,
            basis=(quote("RFC 6749 5.1", "The client MUST do so."),),
            statement=statement,
            verdict=Verdict(verdict),
            message="expected this; seen that" if verdict != "pass" else "",
            reproduce="oauth-gauntlet run -k it",
        )
        for number, verdict in enumerate(verdicts)
    )
    return Run(
        tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="", complete=complete, results=results
    )


def words(*verdicts, baseline="", strict=False, **more):
    return summary_text(run_of(*verdicts, **more), parse_expectations(baseline, "x"), strict=strict, today=date(2026, 11, 23))


def entry(scenario, verdict="violation", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


@pytest.mark.parametrize(
    ("verdicts", "more", "last"),
    [
        (["pass"], {}, "no failure (exit code 0)"),
        (["violation"], {}, "1 unexpected verdict (exit code 1)"),
        (["violation", "violation", "pass"], {}, "2 unexpected verdicts (exit code 1)"),
        (["warning"], {}, "no failure (exit code 0)"),
        (["warning"], {"strict": True}, "1 unexpected verdict (exit code 1)"),
        (["violation", "pass"], {"baseline": entry("a.b.v0")}, "no unexpected verdict (1 known) (exit code 0)"),
        (
            ["violation", "pass", "violation"],
            {"baseline": entry("a.b.v0", "flaky") + entry("a.b.v1", "flaky") + entry("a.b.v2")},
            "no unexpected verdict (1 known, 2 flaky, 1 of them passed) (exit code 0)",
        ),
        (["pass"], {"baseline": entry("a.b.v0")}, "1 stale entry (exit code 1)"),
        (
            ["violation", "pass", "violation"],
            {"baseline": entry("a.b.v1") + entry("z.z") + entry("z.y") + entry("a.b.v2", more="until = 2026-11-22")},
            "1 unexpected verdict, 1 expired entry, 1 stale entry, 2 unmatched entries (exit code 1)",
        ),
        (["error"], {}, "broken: 1 scenario ended with an error of the adapter or the harness (exit code 3)"),
        (["pass"], {"complete": False}, "broken: the run is incomplete (exit code 3)"),
        (["not_applicable"], {}, "nothing was tested (exit code 4)"),
    ],
)
def test_the_last_line_is_the_decision_with_the_exit_code(verdicts, more, last):
    assert words(*verdicts, **more).rstrip().splitlines()[-1] == last


def test_a_finding_is_printed_with_its_basis_and_the_command_that_reproduces_it():
    text = words("violation")
    for part in ("a.b.v0[password]", "It is so.", "RFC 6749 5.1", "expected this; seen that", "oauth-gauntlet run -k it"):
        assert part in text


@pytest.mark.parametrize(
    ("baseline", "sentence"),
    [
        (entry("a.b.v0"), "x, line 1: stale entry: a.b.v0 expects violation, but a.b.v0[password] has verdict pass"),
        (entry("a.b.v1") + entry("z.z"), "x, line 6: unmatched entry: z.z matches no scenario of this run; correct"),
        (
            entry("a.b.v1[password]", more="until = 2026-11-22"),
            "x, line 1: expired entry: a.b.v1[password] should have been fixed by 2026-11-22, and 1 scenario still has this",
        ),
    ],
)
def test_an_entry_that_is_out_of_date_is_printed(baseline, sentence):
    assert sentence in " ".join(words("pass", "violation", baseline=baseline).split())


def test_many_entries_that_are_out_of_date_are_counted():
    text = words("pass", baseline="".join(entry(f"z.v{number}") for number in range(50)))
    assert text.count("unmatched entry:") == 40
    assert "... and 10 more" in text


def test_text_from_a_baseline_cannot_control_the_terminal():
    text = words("pass", baseline=entry("z.\\u001b[31m"))
    assert "\x1b" not in text
    assert "z.\\x1b[31m" in text


def test_an_incomplete_run_is_called_incomplete():
    sentence = "the run is incomplete: not every planned scenario has a result"
    assert sentence in words("pass", complete=False)
    assert sentence not in words("pass")


def test_the_first_line_counts_and_is_repeated_below_findings():
    sentence = "c meets 1 of 1 applicable RFC requirements; 0 hazards; 0 warnings (set all, seed None)"
    assert sentence in words("pass").splitlines()
    assert words("violation").splitlines()[0].startswith("c meets 0 of 1")
    assert words("pass").count("c meets") == 1
    assert words("violation").count("c meets 0 of 1 applicable RFC requirements") == 2
    assert words("violation", baseline=entry("a.b.v0")).count("1 known failure (") == 1


def test_equal_findings_are_printed_once():
    assert words("violation", "violation").count("reproduce oauth-gauntlet run -k it") == 1


def test_verbose_prints_equal_findings_too():
    console = Console(file=io.StringIO(), width=200)
    run = run_of("violation", "violation")
    report = evaluate(run, Expectations(), strict=False, today=date(2026, 11, 23))
    print_summary(console, run, report, verbose=True)
    assert console.file.getvalue().count("reproduce oauth-gauntlet run -k it") == 2


def test_known_findings_are_counted_but_not_printed():
    text = words("violation", baseline=entry("a.b.v0"))
    assert "expected this; seen that" not in text
    assert "1 verdict known to the baseline" in text


def test_the_table_counts_by_category():
    assert re.search(r"^│ a +│ +1 │ +1 │", words("pass", "violation"), re.MULTILINE)


def test_the_summary_is_plain_text_and_no_line_is_wrapped(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    text = words("violation", statement="x y " * 200)
    assert "\x1b" not in text
    assert any(line.endswith(f"requires  {'x y ' * 200} (level must)") for line in text.splitlines())


def test_the_end_has_the_worst_causes_with_their_commands():
    console = Console(file=io.StringIO(), width=40)
    results = [a_result(Verdict.WARNING, name=f"a.x{n}", damage=Damage.BURDEN, reproduce=f"repeat {n}") for n in range(6)]
    results.append(a_result(Verdict.WARNING, name="a.leak", damage=Damage.SECRET, reproduce="repeat leak"))
    results.append(a_result(Verdict.NOT_APPLICABLE, name="a.other", message="needs a cache"))
    run = a_run(*results)
    report = evaluate(run, Expectations(), strict=False, today=date(2026, 11, 23))
    print_summary(console, run, report, verbose=False, written=[ReportRequest(kind="html", path="page.html")])
    end = console.file.getvalue().split("\n\n")[-1].splitlines()
    assert end[0].startswith("c\\x00 1 meets 7 of 7")
    assert end[1:4] == [
        "the 5 worst of 7 causes:",
        "  1. warning a.leak: Joined by spaces. Seen: a,b (the client gives away a secret or a token, 1 scenario)",
        "     repeat leak",
    ]
    assert [line for line in end if line.startswith("     repeat")] == [
        "     repeat leak",
        *(f"     repeat {number}" for number in range(4)),
    ]
    assert end[-4:] == [
        "reports: html page.html",
        "not asked: 1 scenario, by what the adapter declares or the options of the run:",
        "     1  needs a cache",
        "no failure (exit code 0)",
    ]


def test_quiet_prints_the_worst_causes_and_no_evidence():
    console = Console(file=io.StringIO(), width=40)
    run = a_run(a_result(reproduce="repeat it"))
    print_shortly(console, run, evaluate(run, Expectations(), strict=False, today=date(2026, 11, 23)))
    lines = console.file.getvalue().splitlines()
    assert [line.strip() for line in lines[1:]] == [
        "1 cause:",
        "1. violation scope.x: Joined by spaces. Seen: a,b (the client fails although it could succeed, 1 scenario)",
        "repeat it",
    ]


@pytest.mark.parametrize(("verdict", "said"), [("pass", False), ("violation", True)])
def test_without_a_report_the_end_says_how_to_write_one(verdict, said):
    assert ("--report html=report.html" in words(verdict)) == said
