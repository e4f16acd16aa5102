import errno
import io
import os
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.output import OutputLost, output_lost, settle_streams


@pytest.mark.parametrize(("number", "gone"), [(errno.EPIPE, True), (errno.ENOSPC, False)])
def test_trouble_with_standard_output_is_told_from_other_trouble(number, gone):
    with pytest.raises(OutputLost, match=f"standard output cannot be written: {os.strerror(number)}") as caught, output_lost():
        raise OSError(number, os.strerror(number))
    assert (caught.value.reader_gone, caught.value.exit_code) == (gone, 3)


def test_a_file_that_is_missing_is_no_trouble_with_standard_output():
    with pytest.raises(FileNotFoundError), output_lost():
        open("/no/such/file")  # noqa: PTH123, SIM115 - it cannot be opened


def test_what_is_held_back_is_written_before_it_counts_as_written(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputLost), output_lost():
        pass
    monkeypatch.setattr(sys, "stdout", None)
    with output_lost():
        pass


def test_the_console_does_not_end_the_program_by_itself():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        Output(file=Gone()).print("x")


def test_at_the_end_nothing_is_left_to_write(monkeypatch):
    for name in ("stdout", "stderr"):
        stream = Path("/dev/full").open("w")  # noqa: SIM115 - closed below, which would fail if anything were left
        stream.write("held back")
        monkeypatch.setattr(sys, name, stream)
    full = [sys.stdout, sys.stderr]
    settle_streams()
    monkeypatch.undo()
    for stream in full:
        stream.close()
