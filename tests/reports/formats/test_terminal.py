import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.terminal import render_headline, render_not_asked, render_summary
from oauth_gauntlet_reports.formats.terminal_causes import render_causes
from oauth_gauntlet_reports.formats.terminal_findings import render_finding, render_findings


def shown(render, *arguments, width=100, **more):
    console = Console(file=io.StringIO(), width=width, no_color=True)
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


def test_a_narrow_console_cuts_nothing_of_the_table_off_a_terminal(mixed_run):
    text = shown(render_summary, mixed_run, width=40)
    assert "…" not in text
    assert {"category", "violation", "not asked"} <= {cell.strip() for cell in text.splitlines()[2].split("┃")}


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


MARKUP = ("my-client [/v2]", "requests[security]", "[link=http://evil]x[/link]", ":smile: [bold]")


@pytest.mark.parametrize("name", MARKUP)
def test_markup_is_text_like_any_other(make_result, make_run, name):
    run = make_run(make_result(name=f"scope.{name}", statement=name, seen=name), client={"name": name}, started_at=name)
    run = replace(run, options={"set": {"name": name, "version": name}, "seed": name, "environment": {"TZ": name}})
    for render in (render_headline, render_summary, render_findings, render_causes, render_not_asked):
        shown(render, run)
    assert shown(render_summary, run).startswith(f"Verdicts of {name}")
    assert shown(render_headline, run).startswith(f"{name} meets")
    assert f"scope.{name}: {name} Seen: {name}" in shown(render_causes, run)


def test_no_text_is_a_command_for_a_ci_system(make_result, make_run):
    text = "::stop-commands::x ##[error]y"
    exchange = {
        "request": {"method": text, "target": text, "headers": [[text, text]], "body": text},
        "response": {"status": 400, "headers": [[text, text]], "body": text},
        "fault": text,
    }
    results = [
        make_result(
            name=text, statement=text, seen=text, expected_text=text, exchanges=(exchange,), notes=(text,), reproduce=text
        ),
        make_result(Verdict.NOT_APPLICABLE, name=f"x.{text}", message=text),
    ]
    run = make_run(*results, client={"name": text}, options={"set": {"name": text, "version": text}, "seed": text})
    for render in (render_headline, render_summary, render_findings, render_causes, render_not_asked):
        for line in shown(render, run).splitlines():
            assert not re.match(r"\s*::", line)
            assert "##[" not in line


def test_a_long_text_is_cut(make_result, make_run):
    long = "y" * 3_000_000
    answer = {"token": {"access_token": long}}
    run = make_run(make_result(statement=long, seen=long, expected_text=long, answer=answer, notes=(long,), reproduce=long))
    text = shown(render_findings, run) + shown(render_causes, run)
    assert len(text) < 30_000
    assert "... (3000000 characters)" in text


def test_a_note_keeps_its_lines_and_each_is_escaped(make_result, make_run):
    text = shown(render_findings, make_run(make_result(notes=("thrown here:\n    at a\x1b[2J\n::error::b",))))
    assert "  note      thrown here:\n                at a\\x1b[2J\n" in text
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    many = shown(render_findings, make_run(make_result(notes=("\n".join("abc"[place % 3] for place in range(100)),))))
    assert "... (70 more lines)" in many


def test_off_a_terminal_no_line_is_wrapped(make_result, make_run):
    command = f"oauth-gauntlet run {'--client cmd:x ' * 30}"
    body = "scope=a%2Cb&" + "x" * 500
    exchange = {"request": {"method": "POST", "target": "/", "headers": [], "body": body}, "response": None}
    lines = shown(render_findings, make_run(make_result(reproduce=command, exchanges=(exchange,)))).splitlines()
    assert f"  reproduce {command}" in lines
    assert f"    > {body}" in lines


def test_off_a_terminal_a_long_name_of_a_client_is_one_line(make_result, make_run):
    lines = shown(render_summary, make_run(make_result(), client={"name": "c" * 300})).splitlines()
    assert lines[0] == f"Verdicts of {'c' * 300}"
    assert lines[-1].startswith("1 scenario in ")
