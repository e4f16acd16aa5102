import io
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet_reports.junit import junit_report
from oauth_gauntlet_reports.terminal import render_finding, render_summary
from oauth_gauntlet_reports.wire_text import wire_lines

EXCHANGE = {
    "request": {"method": "POST", "target": "/t/token", "headers": [["Host", "h"]], "body": "scope=a%2Cb"},
    "response": {"status": 400, "headers": [], "body": '{"error": "\x1b[31m"}'},
    "fault": "oauth_error",
}


def result(verdict=Verdict.FAIL, message="m"):
    finding = Finding(expected="a b", seen="a,b", grade=verdict, mark=Mark(text="a%2Cb"))
    return Result(
        id="scope.x",
        scenario="scope.x[password]",
        grant="password",
        level=Level.MUST,
        source="RFC 6749 3.3",
        statement="Joined by spaces.",
        verdict=verdict,
        message=message,
        findings=(finding,),
        exchanges=(EXCHANGE,),
        answer={"error": {}},
        reproduce="oauth-gauntlet run -k scope.x",
    )


def run(*results):
    return Run(tool_version="0", client={"name": "c\x00"}, declared={}, options={"seed": 1}, started_at="", results=results)


def shown(render, *arguments):
    console = Console(file=io.StringIO(), width=100, no_color=True)
    render(*arguments, console)
    return console.file.getvalue()


def test_the_offending_part_is_underlined():
    lines = shown(render_finding, result()).splitlines()
    place = next(number for number, line in enumerate(lines) if "scope=a%2Cb" in line)
    start = lines[place].index("a%2Cb")
    assert lines[place + 1][start : start + 5] == "^^^^^"
    assert lines[place + 1].strip() == "^^^^^"


def test_a_finding_says_all_that_is_needed():
    text = shown(render_finding, result())
    for words in ("Joined by spaces.", "RFC 6749 3.3", "a b", "a,b", "oauth-gauntlet run -k scope.x", "fault oauth_error"):
        assert words in text


def test_hostile_octets_cannot_drive_the_terminal():
    assert "\x1b" not in "".join(line.text for line in wire_lines(EXCHANGE))
    assert "\x1b" not in shown(render_finding, result())


def test_the_table_counts_by_category():
    text = shown(render_summary, run(result(), result(Verdict.PASS)))
    row = next(line for line in text.splitlines() if "scope" in line)
    assert row.split("│")[2:4] == ["    1 ", "    1 "]


@given(st.text(), st.sampled_from(list(Verdict)))
def test_junit_is_xml_whatever_the_text(text, verdict):
    document = junit_report(run(result(verdict, text)))
    root = ElementTree.fromstring(document.encode())
    suite = root.find("testsuite")
    assert root.get("tests") == suite.get("tests") == "1"
    failed = verdict in {Verdict.FAIL, Verdict.UNTESTABLE}
    assert suite.get("failures") == str(int(failed))
    assert (suite.find("testcase/failure") is not None) == failed
