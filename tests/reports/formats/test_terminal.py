import io

from rich.console import Console

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.terminal import render_finding, render_findings, render_headline, render_summary


def shown(render, *arguments, **more):
    console = Console(file=io.StringIO(), width=100, no_color=True)
    render(*arguments, console, **more)
    return console.file.getvalue()


def test_the_offending_part_is_underlined(make_result):
    lines = shown(render_finding, make_result()).splitlines()
    place = next(number for number, line in enumerate(lines) if "scope=a%2Cb" in line)
    start = lines[place].index("a%2Cb")
    assert lines[place + 1][start : start + 5] == "^^^^^"
    assert lines[place + 1].strip() == "^^^^^"


def test_a_finding_contains_requirement_basis_evidence_and_command(make_result):
    text = shown(render_finding, make_result())
    for words in (
        "Joined by spaces.",
        'RFC 6749 3.3, binds the client: "Scopes MUST be joined by spaces."',
        "a b",
        "a,b",
        "oauth-gauntlet run -k",
        "fault oauth_error",
    ):
        assert words in text


def test_hostile_octets_are_escaped(make_result):
    assert "\x1b" not in shown(render_finding, make_result())


def test_the_table_counts_by_category(make_result, make_run):
    text = shown(render_summary, make_run(make_result(), make_result(Verdict.PASS)))
    row = next(line for line in text.splitlines() if "scope" in line)
    assert [cell.strip() for cell in row.split("│")[2:5]] == ["1", "1", "·"]


def test_the_first_lines_are_the_headline_and_the_profiles(mixed_run):
    assert shown(render_headline, mixed_run).splitlines() == [
        "some-client 1.2 meets 1 of 2 applicable RFC requirements; 1 hazard; 1 warning (set all, seed 1)",
        "profile their-page: meets 0 of 1",
    ]


def test_a_column_for_deviations_is_there_only_if_there_are_some(mixed_run, make_result, make_run):
    assert "deviation" in shown(render_summary, mixed_run)
    assert "deviation" not in shown(render_summary, make_run(make_result()))


def test_remedies_are_printed_if_verbose(make_result, make_run):
    run = make_run(make_result(name="auth.basic-form-urlencoded"))
    assert "remedy" not in shown(render_findings, run)
    text = shown(render_findings, run, verbose=True)
    assert "remedy    Form-urlencode id and secret" in text
    assert text.count("example   ") == 3


def test_a_hostile_remedy_is_escaped(make_result, hostile_remedy):
    text = shown(render_finding, make_result(), verbose=True)
    assert "remedy " in text
    assert "\x1b" not in text
