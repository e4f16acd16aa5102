import json
import os
import sys
import tempfile
from pathlib import Path

import pytest

import oauth_gauntlet_scenarios
from oauth_gauntlet.errors import HarnessError
from oauth_gauntlet.judging import judging_process
from oauth_gauntlet.judging.judging_process import JudgingProcess

pytestmark = pytest.mark.slow

SCENARIOS = Path(oauth_gauntlet_scenarios.__file__).parent
REFERENCE = ["--oauth-client", "py:oauth_gauntlet.reference:make_client"]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_lines_arrive_whole_and_no_temporary_file_is_left(temporary):
    process = JudgingProcess([*REFERENCE, "-k", "parse.minimal and password"], SCENARIOS)
    try:
        (scratch,) = temporary.iterdir()
        lines = list(process.lines())
        assert [json.loads(line)["type"] for line in lines] == ["header", "plan", "result", "footer"]
        assert (process.code, process.interrupted) == (0, False)
        assert process.stderr_tail == ""
        read_end, write_end = os.pipe()
        os.write(write_end, lines[0].encode() + lines[1][:-5].encode())
        os.close(write_end)
        os.dup2(read_end, process._results)
        os.close(read_end)
        assert list(process.lines()) == lines[:1], "a line that was cut off is dropped"
    finally:
        process.close()
    assert not scratch.exists()


def test_one_interrupt_ends_the_process_in_order_and_two_kill_it(temporary, monkeypatch):
    monkeypatch.setattr(judging_process, "ENDED_S", 300.0)
    for times, code in ((1, 2), (2, -9)):
        process = JudgingProcess([*REFERENCE, "-k", "auth and client_credentials"], SCENARIOS)
        try:
            lines = process.lines()
            for _ in range(4):
                next(lines)
            for _ in range(times):
                process.interrupt()
            rest = [json.loads(line) for line in lines]
            assert process.code == code
            assert [line["complete"] for line in rest if line["type"] == "footer"] == ([False] if times == 1 else [])
        finally:
            process.close()
    assert not list(temporary.iterdir())


def test_a_machine_without_temporary_folder_is_a_harness_error(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    with pytest.raises(HarnessError, match="the scenarios cannot be run: No such file"):
        JudgingProcess(REFERENCE, SCENARIOS)
    assert not before or len(list(Path("/proc/self/fd").iterdir())) == before


def records_of(arguments):
    process = JudgingProcess([*REFERENCE, *arguments], SCENARIOS)
    try:
        return [json.loads(line) for line in process.lines()], process.code, process.stderr_tail
    finally:
        process.close()


def test_a_malformed_keyword_is_a_usage_trouble(temporary):
    records, code, _ = records_of(["-k", "a b"])
    (trouble,) = (each for each in records if each["type"] == "trouble")
    assert trouble["kind"] == "usage"
    assert trouble["message"].startswith("Wrong expression passed to '-k': a b")
    assert (records[0]["type"], records[-1]["type"], records[-1]["complete"]) == ("header", "footer", False)
    assert code == pytest.ExitCode.USAGE_ERROR


def test_a_wrong_option_is_a_usage_trouble_without_a_header(temporary):
    records, code, _ = records_of(["--oauth-set", "rfc"])
    (trouble,) = records
    assert (trouble["type"], trouble["kind"], code) == ("trouble", "usage", pytest.ExitCode.USAGE_ERROR)
    assert "unknown set of requirements 'rfc'" in trouble["message"]


def test_an_adapter_that_does_not_start_is_an_adapter_trouble(temporary):
    (trouble,), code, _ = records_of(["--oauth-client", f"{sys.executable} -c 'raise SystemExit(9)'"])
    assert (trouble["kind"], code) == ("adapter", 3)
    assert trouble["message"].startswith("the adapter does not start: ")


BREAKS = """
def pytest_collection_finish(session):
    raise ZeroDivisionError("in a plugin")
"""


def test_an_internal_error_is_a_harness_trouble(temporary, monkeypatch):
    folder = temporary / "plugins"
    folder.mkdir()
    (folder / "breaks.py").write_text(BREAKS)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    records, code, _ = records_of(["-p", "breaks", "-k", "parse.minimal"])
    assert {"type": "trouble", "kind": "harness", "message": "ZeroDivisionError: in a plugin"} in records
    assert code == pytest.ExitCode.INTERNAL_ERROR


def test_a_failure_before_the_plugin_is_loaded_is_on_stderr(temporary):
    records, code, stderr = records_of(["-p", "no_such_plugin"])
    assert (records, code) == ([], pytest.ExitCode.USAGE_ERROR)
    assert "No module named 'no_such_plugin'" in stderr
