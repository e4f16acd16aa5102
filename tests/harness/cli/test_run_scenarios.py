"""Why a run ended early: read from trouble records, never from what pytest prints."""

import json
from types import SimpleNamespace

import pytest

from oauth_gauntlet.cli.run_scenarios import _finished
from oauth_gauntlet.errors import AdapterError, HarnessError, UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.stream import RunReader

RUN = Run(tool_version="0", client={"name": "c"}, declared={}, options={}, started_at="2026-11-23T00:00:00Z")
HEADER = {"type": "header", **RUN.header_json()}
PLAN = {"type": "plan", "total": 5}
COMPLETE = {"type": "footer", "duration_s": 1, "complete": True}
CUT = {"type": "footer", "duration_s": 1, "complete": False}


def trouble(kind, message):
    return {"type": "trouble", "kind": kind, "message": message}


def finished(*documents, code=3, stderr="", interrupted=False, explain=True):
    reader = RunReader("x")
    for document in documents:
        reader.feed(json.dumps(document))
    process = SimpleNamespace(code=code, stderr_tail=stderr, interrupted=interrupted)
    return _finished(reader, process, explain=explain)


@pytest.mark.parametrize(("kind", "error"), [("usage", UsageError), ("adapter", AdapterError), ("harness", HarnessError)])
def test_the_first_trouble_before_the_header_is_raised(kind, error):
    with pytest.raises(error, match=r"^because$"):
        finished(trouble(kind, "because"), trouble("harness", "and then"))


def test_a_usage_error_after_the_header_is_raised():
    with pytest.raises(UsageError, match=r"^wrong expression$"):
        finished(HEADER, trouble("usage", "wrong expression"), CUT, code=4)


def test_without_a_record_the_last_lines_of_stderr_are_shown_as_they_are():
    lines = [f"line {number}" for number in range(20)]
    with pytest.raises(HarnessError) as caught:
        finished(code=-9, stderr="\n".join([*lines, "", "\x1b[31mModuleNotFoundError: x", ""]))
    assert str(caught.value).splitlines() == [
        "the scenarios could not be run (pytest ended with signal SIGKILL)",
        "last lines of the judging process:",
        *(f"  {line}" for line in lines[-9:]),
        "  \\x1b[31mModuleNotFoundError: x",
    ]


def test_without_a_record_and_without_stderr_the_exit_code_is_the_reason():
    with pytest.raises(HarnessError, match=r"^the scenarios could not be run \(pytest ended with signal SIGKILL\)$"):
        finished(code=-9)


def test_an_interrupted_process_without_a_header_judged_nothing():
    with pytest.raises(HarnessError, match=r"^interrupted before anything was judged$"):
        finished(code=2, interrupted=True)


def test_a_run_that_ended_early_is_explained_by_its_records(capsys):
    run = finished(
        HEADER, PLAN, trouble("harness", "OSError: no space\nat all"), trouble("harness", "OSError: no space\nat all")
    )
    assert not run.complete
    assert capsys.readouterr().err == (
        "oauth-gauntlet: the scenarios ended early (exit code 3); 0 of 5 scenarios have a result\n"
        "  OSError: no space\n  at all\n"
    )


def test_a_killed_run_is_explained_by_its_signal_and_stderr(capsys):
    finished(HEADER, PLAN, code=-9, stderr="Fatal Python error\n")
    assert capsys.readouterr().err == (
        "oauth-gauntlet: the scenarios ended early (signal SIGKILL); 0 of 5 scenarios have a result\n"
        "last lines of the judging process:\n  Fatal Python error\n"
    )


@pytest.mark.parametrize(
    ("documents", "more", "err"),
    [
        ([HEADER, COMPLETE], {"code": 1}, ""),
        ([HEADER, CUT], {"code": 2}, ""),
        ([HEADER, CUT], {"code": 3, "explain": False}, ""),
        ([HEADER, CUT], {"code": 2, "interrupted": True}, "oauth-gauntlet: interrupted; 0 of all scenarios have a result\n"),
    ],
)
def test_other_endings_need_no_reason(capsys, documents, more, err):
    finished(*documents, **more)
    assert capsys.readouterr().err == err
