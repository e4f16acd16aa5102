"""Every format names what follows from a cause there, and counts it nowhere."""

import pytest
from rich.console import Console

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.evidence.headline import headline
from oauth_gauntlet_reports.formats.github import github_report
from oauth_gauntlet_reports.formats.html_report import html_report
from oauth_gauntlet_reports.formats.junit import junit_report
from oauth_gauntlet_reports.formats.markdown import markdown_report
from oauth_gauntlet_reports.formats.sarif import sarif_report
from oauth_gauntlet_reports.formats.terminal_findings import render_findings


@pytest.fixture
def run(make_result, make_run):
    return make_run(
        make_result(name="a.cause"),
        make_result(Verdict.CONSEQUENCE, name="b.one", follows_from="a.cause"),
        make_result(Verdict.CONSEQUENCE, name="b.two", follows_from="a.cause"),
        make_result(Verdict.PASS, name="c.met"),
    )


def terminal(run):
    console = Console(width=200, record=True, quiet=False, file=None, color_system=None)
    with console.capture() as capture:
        render_findings(run, console)
    return capture.get()


@pytest.mark.parametrize("report", [terminal, markdown_report, github_report, sarif_report, html_report])
def test_a_cause_names_its_consequences(run, report):
    assert "2 requirements cannot be met because of this" in report(run)


def test_a_consequence_is_skipped_in_junit(run):
    document = junit_report(run)
    assert document.count("<failure") == 1
    assert document.count('message="it follows from a.cause: ') == 2


def test_a_consequence_is_no_finding_of_its_own(run):
    assert sarif_report(run).count('"ruleId"') == 1
    assert github_report(run).count("::error") == 1


def test_the_headline_counts_consequences_apart(run):
    assert "meets 1 of 4 applicable RFC requirements; 0 hazards; 0 warnings; 2 consequences" in headline(run).text
