import io
import re
from datetime import date

import pytest
from rich.console import Console

from oauth_gauntlet.judging.run_end import print_summary, summary_text
from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate


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
        (["pass"], {"baseline": entry("a.b.v0")}, "the baseline is out of date (exit code 1)"),
        (["error"], {}, "broken: the adapter or the harness failed, or the run is incomplete (exit code 3)"),
        (["pass"], {"complete": False}, "broken: the adapter or the harness failed, or the run is incomplete (exit code 3)"),
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
        (entry("a.b.v0"), "stale entry: a.b.v0 expects violation, but a.b.v0[password] has verdict pass"),
        (entry("z.z"), "unmatched entry: z.z matches no scenario of this run"),
        (entry("z.z[password]"), "unmatched entry: z.z[password] matches no scenario of this run"),
        (entry("a.b.v0[password]"), "stale entry: a.b.v0[password] expects violation, but a.b.v0[password] has verdict pass"),
        (
            entry("a.b.v0[password]", more="until = 2026-11-22"),
            "expired entry: a.b.v0[password] should have been fixed by 2026-11-22",
        ),
    ],
)
def test_an_entry_that_is_out_of_date_is_printed(baseline, sentence):
    assert sentence in words("pass", baseline=baseline)


def test_an_incomplete_run_is_called_incomplete():
    sentence = "the run is incomplete: not every planned scenario has a result"
    assert sentence in words("pass", complete=False)
    assert sentence not in words("pass")


def test_the_first_line_counts_and_is_repeated_below_findings():
    sentence = "c meets 1 of 1 applicable RFC requirements; 0 hazards; 0 warnings (set all, seed None)"
    assert words("pass").splitlines()[0].rstrip() == sentence
    assert words("pass").count("c meets") == 1
    assert words("violation").count("c meets 0 of 1 applicable RFC requirements") == 2
    assert words("violation", baseline=entry("a.b.v0")).count("1 known failure (") == 1


def test_equal_findings_are_printed_once():
    assert words("violation", "violation").count("oauth-gauntlet run -k it") == 1


def test_verbose_prints_equal_findings_too():
    console = Console(file=io.StringIO(), width=200)
    run = run_of("violation", "violation")
    report = evaluate(run, Expectations(), strict=False, today=date(2026, 11, 23))
    print_summary(console, run, report, verbose=True)
    assert console.file.getvalue().count("oauth-gauntlet run -k it") == 2


def test_known_findings_are_counted_but_not_printed():
    text = words("violation", baseline=entry("a.b.v0"))
    assert "expected this; seen that" not in text
    assert "1 verdict known to the baseline" in text


def test_the_table_counts_by_category():
    assert re.search(r"^│ a +│ +1 │ +1 │", words("pass", "violation"), re.MULTILINE)


def test_the_summary_is_plain_text_of_110_columns(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = words("violation", statement="x" * 300)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) == 110
