from datetime import date

import pytest

from oauth_gauntlet.closing_words import closing_words
from oauth_gauntlet.expectations import parse_expectations
from oauth_gauntlet.model import Level, Result, Run, Verdict


def words(*verdicts, baseline="", complete=True):
    results = tuple(
        Result(
            id="a.b",
            scenario=f"a.b.v{number}[password]",
            grant="password",
            level=Level.MUST,
            source="RFC 6749 5.1",
            statement="It is so.",
            verdict=Verdict(verdict),
            message="expected this; seen that" if verdict != "pass" else "",
            reproduce="oauth-gauntlet run -k it",
        )
        for number, verdict in enumerate(verdicts)
    )
    run = Run(
        tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="", complete=complete, results=results
    )
    return closing_words(run, parse_expectations(baseline, "x"), strict=False, today=date(2026, 11, 23))


def entry(scenario, verdict="fail", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


@pytest.mark.parametrize(
    ("verdicts", "more", "last"),
    [
        (["pass"], {}, "conforms (exit code 0)"),
        (["fail"], {}, "1 unexpected verdict (exit code 1)"),
        (["fail", "fail", "pass"], {}, "2 unexpected verdicts (exit code 1)"),
        (["fail", "pass"], {"baseline": entry("a.b.v0")}, "no unexpected verdict (1 known) (exit code 0)"),
        (["pass"], {"baseline": entry("a.b.v0")}, "the baseline is not true any more (exit code 1)"),
        (["error"], {}, "broken: the adapter or the harness failed, or the run is incomplete (exit code 3)"),
        (["pass"], {"complete": False}, "broken: the adapter or the harness failed, or the run is incomplete (exit code 3)"),
        (["not_applicable"], {}, "nothing was tested (exit code 4)"),
    ],
)
def test_the_last_line_says_what_it_comes_to(verdicts, more, last):
    assert words(*verdicts, **more).rstrip().splitlines()[-1] == last


def test_a_finding_is_told_with_its_source_and_how_to_see_it_again():
    text = words("fail")
    for part in ("a.b.v0[password]", "It is so.", "RFC 6749 5.1", "expected this; seen that", "oauth-gauntlet run -k it"):
        assert part in text


@pytest.mark.parametrize(
    ("baseline", "sentence"),
    [
        (entry("a.b.v0"), "stale entry: a.b.v0 expects fail, but a.b.v0[password] came out as pass"),
        (entry("z.z"), "unmatched entry: z.z names no scenario of this run"),
    ],
)
def test_what_is_wrong_with_the_baseline_is_said(baseline, sentence):
    assert sentence in words("pass", baseline=baseline)
