import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pytest

from oauth_gauntlet.model import Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.results.result_json import result_from_json
from oauth_gauntlet.results.stream import ResultsError, ResultWriter, RunReader, read_run, read_run_file
from oauth_gauntlet.results.trouble import Trouble, TroubleKind

RESULT = Result(
    id="a.b",
    scenario="a.b[password]",
    grant="password",
    level=Level.MUST,
    basis=(quote("RFC 6749 5", "The client MUST do so."),),
    statement="It does.",
    verdict=Verdict.VIOLATION,
    message="expected x; y",
    findings=(Finding(expected="x", seen="y \ud800", grade=Verdict.VIOLATION, mark=Mark(text="z")),),
    answer={"error": {"kind": "oauth"}},
    notes=("note",),
    exchanges=({"request": {"method": "GET", "target": "/", "headers": [], "body": ""}, "response": None, "fault": None},),
    reproduce="oauth-gauntlet run",
)
RUN = Run(
    tool_version="9.8",
    client={"name": "c"},
    declared={"grants": ["password"]},
    options={"seed": 7},
    started_at="2026-11-23T00:00:00Z",
)


def stream(*, footer=True, plan=1, duration_s=1.0, complete=True):
    text = io.StringIO()
    writer = ResultWriter(text)
    writer.header(RUN)
    writer.plan(plan)
    writer.result(RESULT)
    if footer:
        writer.footer(duration_s=duration_s, complete=complete)
    return text.getvalue()


def lines(**options):
    return stream(**options).splitlines(keepends=True)


def test_a_written_value_is_read_back():
    run = read_run(lines(duration_s=1.23456), "x")
    assert run == replace(RUN, planned=1, results=(RESULT,), duration_s=1.235, complete=True)


def test_each_line_is_written_at_once():
    written = []
    writer = ResultWriter(SimpleNamespace(write=written.append))
    for number, write in enumerate((lambda: writer.header(RUN), lambda: writer.plan(1), lambda: writer.result(RESULT)), 1):
        write()
        assert len(written) == number
        assert written[-1].index("\n") == len(written[-1]) - 1


def test_a_reader_returns_each_document_and_builds_the_run():
    reader = RunReader("x")
    assert [reader.feed(line)["type"] for line in lines(footer=False, plan=2)] == ["header", "plan", "result"]
    assert reader.name == "x"
    assert (reader.run.planned, reader.run.complete) == (2, False)
    assert reader.finish().results == (RESULT,)


def test_a_footer_contains_what_was_lost_only_if_something_was():
    def footer(**more):
        written = []
        ResultWriter(SimpleNamespace(write=written.append)).footer(duration_s=1, complete=True, **more)
        return json.loads(written[0])

    expected_footer = {"type": "footer", "duration_s": 1, "complete": True}
    assert footer() == expected_footer
    assert footer(trouble=("a report was not written",)) == {**expected_footer, "trouble": ["a report was not written"]}


def test_a_run_is_incomplete_if_its_footer_says_so():
    assert not read_run(lines(complete=False), "x").complete


def test_empty_lines_are_ignored():
    assert read_run(["\n", *lines(), "  \n"], "x").complete


def test_the_last_line_may_lack_its_line_feed():
    assert read_run(stream().rstrip("\n").splitlines(keepends=True), "x").complete


def test_optional_members_of_a_result_have_defaults():
    document = RESULT.to_json()
    for name in ("expected", "findings", "answer", "notes", "exchanges", "reproduce"):
        del document[name]
    assert result_from_json(document) == replace(RESULT, findings=(), answer=None, notes=(), exchanges=(), reproduce="")


def test_every_member_of_a_result_is_read():
    finding = Finding(expected="x", seen="y", grade=Verdict.WARNING, mark=Mark(text="z", part="response", exchange=3))
    bare = Finding(expected="x", seen="y", grade=Verdict.VIOLATION)
    full = replace(RESULT, expected={"reason": "known"}, duration_s=0.5, findings=(finding, bare))
    assert result_from_json(json.loads(json.dumps(full.to_json()))) == full


@pytest.mark.parametrize("text", [stream(footer=False), stream(plan=2), stream().rsplit("{", 1)[0] + '{"type": "foo'])
def test_a_run_that_was_cut_off_is_incomplete_and_keeps_its_results(text):
    run = read_run(text.splitlines(keepends=True), "x")
    assert not run.complete
    assert run.results == (RESULT,)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not a results stream"),
        ("\n", "^x.jsonl: not a results stream: it is empty, or does not begin with a header"),
        ("not json\n", "^x.jsonl, line 1: not a line of a results stream: Expecting value"),
        ("[]\n", "line 1: expected an object with a member type"),
        ("{}\n", "line 1: expected an object with a member type"),
        ('{"type": "header"}\n', "line 1: schema: expected oauth-gauntlet/results/2, got None"),
        (stream().replace('"tool": {', '"tool": null, "x": {'), "line 1: tool: expected an object, got None"),
        (stream().replace('"started_at"', '"x"'), "line 1: started_at: missing"),
        (stream() + stream(), "line 5: a second header; one file contains one run"),
        (stream() + '{"type": "other"}\n', "line 5: after the footer, got 'other'; one file contains one run"),
        (stream(footer=False) + '{"type": "other"}\n', "line 4: unknown type of line 'other'"),
        ("\n\n" + stream().replace('"total"', '"x"'), "line 4: total: missing"),
        (stream().replace('"total"', '"x"'), "line 2: total: missing"),
        (stream().replace('"total": 1', '"total": "x"'), "line 2: total: expected a whole number, got 'x'"),
        ('{"type": "result"}\n', "line 1: expected the header first, got 'result'"),
        (stream() + "[]\n", "line 5"),
        (stream().replace("results/2", "results/9"), "results/9"),
    ],
)
def test_a_wrong_stream_is_rejected_with_the_line_number(text, words):
    with pytest.raises(ResultsError, match=words):
        read_run(text.splitlines(keepends=True), "x.jsonl")


def test_a_file_may_contain_a_stream_or_a_document(tmp_path):
    document = replace(RUN, results=(RESULT,), duration_s=2.5, complete=True)
    for name, text in (("results.jsonl", stream(duration_s=2.5)), ("results.json", json.dumps(document.to_json()))):
        (tmp_path / name).write_text(text)
        read = read_run_file(tmp_path / name)
        assert replace(read, planned=0) == document


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read: No such file"),
        (b"\xff", "cannot be read: it is not UTF-8"),
        (b'{"results": []}', "not a results document: schema: expected oauth-gauntlet/results/2, got None"),
        (json.dumps(RUN.to_json() | {"results": [{}]}).encode(), r"not a results document: results\[0\].id: missing"),
        (json.dumps(RUN.to_json() | {"results": 5}).encode(), "not a results document: results: expected a list, got 5"),
        (json.dumps(RUN.to_json() | {"duration_s": "long"}).encode(), "duration_s: expected a number of seconds, got 'long'"),
        (b"[]", "line 1: expected an object with a member type"),
        (b"5", "line 1: expected an object with a member type"),
        (stream().replace('{"type": "plan"', "oops").encode(), "line 2: not a line of a results stream"),
    ],
)
def test_a_file_that_is_neither_is_rejected_with_its_name(tmp_path, content, words):
    path = tmp_path / "results.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ResultsError, match=words) as caught:
        read_run_file(path)
    assert str(caught.value).startswith(str(path))


def test_a_document_contains_whether_its_run_was_complete(tmp_path):
    path = tmp_path / "results.json"
    path.write_text(json.dumps(RUN.to_json()))
    assert not read_run_file(path).complete


def test_only_a_line_feed_ends_a_line(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_bytes(stream().replace(', "', ',\r "').encode())
    assert read_run_file(path).complete


def test_a_stream_may_consist_of_its_header(tmp_path):
    path = tmp_path / "results.jsonl"
    path.write_text(stream().splitlines()[0])
    assert read_run_file(path) == RUN


TROUBLE = Trouble(kind=TroubleKind.ADAPTER, message="the adapter does not start: it ended")


def trouble_line():
    written = []
    ResultWriter(SimpleNamespace(write=written.append)).trouble(TROUBLE)
    return written[0]


def test_trouble_before_the_header_is_the_reason_why_nothing_was_judged():
    reader = RunReader("x")
    assert reader.feed(trouble_line()) == {"type": "trouble", **TROUBLE.to_json()}
    assert reader.trouble == [TROUBLE]
    with pytest.raises(ResultsError, match=r"^x: nothing was judged: the adapter does not start: it ended$"):
        reader.finish()


@pytest.mark.parametrize("place", [0, 1, 3, 4])
def test_trouble_may_come_anywhere_and_does_not_change_the_run(place):
    reader = RunReader("x")
    for line in [*lines()[:place], trouble_line(), *lines()[place:]]:
        reader.feed(line)
    assert reader.trouble == [TROUBLE]
    assert reader.finish() == read_run(lines(), "x")


@pytest.mark.parametrize(
    ("member", "value", "message"),
    [
        ("kind", "sad", "x, line 1: kind: expected one of usage, adapter, harness, stopped, got 'sad'"),
        ("message", 5, "x, line 1: message: expected a string, got 5"),
    ],
)
def test_a_wrong_trouble_record_is_rejected(member, value, message):
    with pytest.raises(ResultsError) as caught:
        RunReader("x").feed(json.dumps(json.loads(trouble_line()) | {member: value}))
    assert str(caught.value) == message
