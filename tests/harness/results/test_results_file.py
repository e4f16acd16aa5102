import os

import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.results.results_file import ResultsFile


def test_each_line_is_written_at_once_and_the_old_content_is_deleted(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text("before\n" * 100)
    file = ResultsFile(path, "--results")
    file.write("one\n")
    assert path.read_text() == "one\n"
    file.close()


def test_a_second_run_cannot_write_the_same_file(tmp_path):
    path = tmp_path / "r.jsonl"
    first = ResultsFile(path, "--results")
    first.write("one\n")
    with pytest.raises(UsageError, match=r"--results .*r\.jsonl: another run is writing it"):
        ResultsFile(path, "--results")
    assert path.read_text() == "one\n"
    first.close()
    ResultsFile(path, "--results").close()


def test_a_pipe_is_not_locked():
    read_end, write_end = os.pipe()
    for _ in range(2):
        file = ResultsFile(f"/dev/fd/{write_end}", "--results")
        file.write("x\n")
        file.close()
    os.close(write_end)
    with os.fdopen(read_end) as stream:
        assert stream.read() == "x\nx\n"


@pytest.mark.parametrize(("name", "words"), [(".", "Is a directory"), ("no/such", "No such file"), ("a\x00", "null")])
def test_a_path_that_cannot_be_opened_is_a_usage_error(tmp_path, name, words):
    with pytest.raises(UsageError, match=words):
        ResultsFile(tmp_path / name, "--results")


def test_a_full_disk_raises_when_a_line_is_written():
    file = ResultsFile("/dev/full", "--results")
    with pytest.raises(OSError, match="No space left"):
        file.write("x\n")
    file.close()
