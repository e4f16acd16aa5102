"""Any results file gives reports, or one message with file and line; a damaged file never yields extra results."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import evaluate
from oauth_gauntlet.results.stream import ResultsError, ResultWriter, read_run, read_run_file
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.formats.json_report import json_report
from oauth_gauntlet_reports.kinds import COMPARISON_KINDS, MATRIX_KINDS, REPORT_KINDS
from tests.selftest.trouble.damaged_documents import damaged, examples, is_one_line_about, mutated

TODAY = date(2026, 11, 24)
MESSAGE = {"headers": [["Host", "x"], ["A", "ä"]], "body": "grant_type=password", "body_truncated": True, "body_length": 70_000}
EXCHANGE = {
    "request": {"method": "POST", "target": "/t1/token", "http_version": "1.1", **MESSAGE},
    "response": {"status": 400, "reason": "Bad Request", **MESSAGE},
    "fault": "oauth_error",
}
FAIL = Result(
    id="parse.minimal",
    scenario="parse.minimal[password]",
    grant="password",
    level=Level.MUST,
    basis=(quote("RFC 6749 5.1", "The client MUST do so."),),
    statement="It does.",
    verdict=Verdict.VIOLATION,
    message="expected x; y",
    findings=(Finding(expected="x", seen="y \ud800", grade=Verdict.VIOLATION, mark=Mark(text="grant")),),
    answer={"token": {"access_token": "t", "extra": {}}},
    notes=("configuration: {}",),
    exchanges=(EXCHANGE,),
    reproduce="oauth-gauntlet run",
)
PASS = Result(
    **{
        **{name: getattr(FAIL, name) for name in FAIL.__slots__},
        "scenario": "parse.minimal[refresh_token]",
        "verdict": Verdict.PASS,
    }
)
RUN = Run(
    tool_version="0",
    client={"name": "c", "version": "1", "language": "", "runtime": "", "url": "https://c.example"},
    declared={"grants": ["password"], "parameters": []},
    options={"seed": 1, "effort": "ci", "set": {"name": "all", "version": "0"}, "clock": "none: because", "selection": None},
    started_at="2026-11-24T00:00:00Z",
    duration_s=1.0,
    complete=True,
    results=(FAIL, PASS),
)


def stream():
    text = io.StringIO()
    writer = ResultWriter(text)
    writer.header(RUN)
    writer.plan(2)
    writer.result(FAIL)
    writer.result(PASS)
    writer.footer(duration_s=1.0, complete=True, trouble=["a worker died"])
    return text.getvalue()


LINES = [json.loads(line) for line in stream().splitlines()]
WHOLE = json.loads(json_report(RUN))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("results") / "results.jsonl"


def read(path, octets):
    """Return the run in a file after making every report of it, or None if the file is rejected."""
    path.write_bytes(octets)
    try:
        run = read_run_file(path)
    except ResultsError as error:
        is_one_line_about(error, path)
        return None
    for make in REPORT_KINDS.values():
        make(run).encode("utf-8", "backslashreplace")
    for make in COMPARISON_KINDS.values():
        make(RUN, run)
    for make in MATRIX_KINDS.values():
        make(matrix([RUN, run]))
    evaluate(run, Expectations(), strict=True, today=TODAY)
    return run


def as_lines(documents):
    return "".join(f"{json.dumps(each)}\n" for each in documents).encode()


def test_the_unchanged_stream_and_document_are_valid(path):
    assert read(path, stream().encode()).results == RUN.results
    assert read(path, json_report(RUN).encode()).results == RUN.results


def test_a_stream_cut_anywhere_is_an_incomplete_run_with_its_complete_results():
    text = stream()
    ends = [place + 1 for place, character in enumerate(text) if character == "\n"]
    for length in range(len(text)):
        cut = io.StringIO(text[:length])
        # A line is complete even if only its line end is missing.
        whole = sum(length >= end - 1 for end in ends)
        if whole == 0:
            with pytest.raises(ResultsError, match="not a results stream"):
                read_run(cut, "x")
            continue
        run = read_run(cut, "x")
        assert run.results == RUN.results[: max(0, whole - 2)], length
        assert run.complete == (whole == len(ends))


@examples(150)
@given(documents=mutated(LINES))
def test_a_stream_with_one_change(path, documents):
    if isinstance(documents, list):
        run = read(path, as_lines(documents))
        assert run is None or len(run.results) <= sum(
            isinstance(each, dict) and each.get("type") == "result" for each in documents
        )


@examples(100)
@given(document=mutated(WHOLE))
def test_a_document_with_one_change(path, document):
    read(path, json.dumps(document).encode())


@examples(100)
@given(octets=st.one_of(damaged(stream().encode()), damaged(json_report(RUN).encode()), st.binary(max_size=50)))
def test_a_damaged_file(path, octets):
    read(path, octets)


@pytest.mark.parametrize("name", ["/dev/zero", "/proc/self/mem", ".", "missing\x00", "missing"])
def test_a_path_without_a_readable_file(name):
    if name.startswith("/proc") and not Path(name).exists():
        pytest.skip("this system has no /proc")
    with pytest.raises(ResultsError, match="cannot be read: "):
        read_run_file(Path(name))
