import json
import os
import tempfile
from pathlib import Path

import pytest

import oauth_gauntlet_scenarios
from oauth_gauntlet.errors import HarnessError
from oauth_gauntlet.judging.judging_process import JudgingProcess

SCENARIOS = Path(oauth_gauntlet_scenarios.__file__).parent
REFERENCE = ["--oauth-client", "py:oauth_gauntlet.reference:make_client"]


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_its_lines_come_whole_and_nothing_is_left(temporary):
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
        assert list(process.lines()) == lines[:1], "a line that was cut off is none"
    finally:
        process.close()
    assert not scratch.exists()


def test_asked_once_it_ends_in_order_and_asked_twice_at_once(temporary):
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


def test_a_machine_without_room_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    before = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    with pytest.raises(HarnessError, match="the scenarios cannot be run: No such file"):
        JudgingProcess(REFERENCE, SCENARIOS)
    assert not before or len(list(Path("/proc/self/fd").iterdir())) == before
