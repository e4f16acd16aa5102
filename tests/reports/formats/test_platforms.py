"""Every format names the platform whose HTTP stack decides a finding."""

import json

import pytest
from playwright.sync_api import expect
from rich.console import Console

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.evidence.words import PLATFORM_MEANING
from oauth_gauntlet_reports.formats.html_report import html_report
from oauth_gauntlet_reports.formats.markdown import markdown_report
from oauth_gauntlet_reports.formats.sarif import sarif_report
from oauth_gauntlet_reports.formats.terminal_findings import render_findings

PLATFORM = "node 20.20.2"


@pytest.fixture
def run(make_result, make_run):
    return make_run(
        make_result(name="a.of-platform", platform=PLATFORM),
        make_result(name="b.own", statement="Of the client."),
        make_result(Verdict.PASS, name="c.met", platform=PLATFORM),
    )


def test_the_terminal_names_it_in_a_field(run):
    console = Console(width=200)
    with console.capture() as capture:
        render_findings(run, console)
    assert [line.split() for line in capture.get().splitlines() if "platform " in line] == [
        f"platform {PLATFORM}: its HTTP stack decides this".split()
    ]


def test_markdown_marks_the_row_and_explains_it_in_the_evidence(run):
    document = markdown_report(run)
    assert f"**Joined by spaces.** `a.of-platform` ◇ {PLATFORM} |" in document
    assert "**Of the client.** `b.own` |" in document
    assert f"- platform: `{PLATFORM}`. The HTTP stack decides this" in document
    assert document.count(PLATFORM) == 2


def test_sarif_has_a_property(run):
    (made,) = json.loads(sarif_report(run))["runs"]
    found = {result["ruleId"]: result["properties"].get("platform") for result in made["results"]}
    assert found == {"a.of-platform": PLATFORM, "b.own": None}


@pytest.mark.browser
def test_the_card_has_a_tag_and_the_legend_explains_it(run, watched, tmp_path):
    path = tmp_path / "report.html"
    path.write_text(html_report(run), encoding="utf-8")
    page = watched.open(path, "#verdict=all")
    for place in ("article", ".first"):
        expect(page.locator(f"{place} .of-platform")).to_have_text([f"◇ {PLATFORM}"])
    expect(page.locator("[id='r-a.of-platform'] .of-platform")).to_have_attribute("title", PLATFORM_MEANING)
    expect(page.locator(".legend .of-platform")).to_have_count(1)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert watched.poor_contrast() == []


def test_without_a_platform_the_legend_does_not_mention_it(make_result, make_run):
    page = html_report(make_run(make_result(), make_result(Verdict.PASS, name="c.met", platform=PLATFORM)))
    assert 'class="of-platform"' not in page
