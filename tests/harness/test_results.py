import io

import pytest

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.results import ResultsError, ResultWriter, read_run

RESULT = Result(
    id="a.b",
    scenario="a.b[password]",
    grant="password",
    level=Level.MUST,
    source="RFC 6749",
    statement="It does.",
    verdict=Verdict.FAIL,
    message="expected x; y",
    findings=(Finding(expected="x", seen="y \ud800", grade=Verdict.FAIL, mark=Mark(text="z")),),
    answer={"error": {"kind": "oauth"}},
    notes=("note",),
    exchanges=({"request": {"method": "GET", "target": "/", "headers": [], "body": ""}, "response": None, "fault": None},),
    reproduce="oauth-gauntlet run",
)
RUN = Run(tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="2026-11-23T00:00:00Z")


def stream(*, footer=True, plan=1):
    text = io.StringIO()
    writer = ResultWriter(text)
    writer.header(RUN)
    writer.plan(plan)
    writer.result(RESULT)
    if footer:
        writer.footer(duration_s=1.0, complete=True)
    return text.getvalue()


def test_what_was_written_is_read():
    run = read_run(stream().splitlines(keepends=True), "x")
    assert run.results == (RESULT,)
    assert run.complete


@pytest.mark.parametrize("text", [stream(footer=False), stream(plan=2), stream().rsplit("{", 1)[0] + '{"type": "foo'])
def test_a_run_that_was_cut_is_recognised_and_keeps_its_results(text):
    run = read_run(text.splitlines(keepends=True), "x")
    assert not run.complete
    assert run.results == (RESULT,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no results stream"),
        ("not json\n", "line 1"),
        ('{"type": "result"}\n', "expected the header first"),
        (stream() + "[]\n", "line 5"),
        (stream().replace("results/1", "results/9"), "results/9"),
    ],
)
def test_what_is_no_stream_is_refused_with_its_line(text, words):
    with pytest.raises(ResultsError, match=words):
        read_run(text.splitlines(keepends=True), "x.jsonl")
