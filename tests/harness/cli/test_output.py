import errno
import io
import os
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.output import OutputLost, output_lost, settle_streams


@pytest.mark.parametrize(("number", "gone"), [(errno.EPIPE, True), (errno.ENOSPC, False)])
def test_an_error_of_standard_output_becomes_output_lost(number, gone):
    with pytest.raises(OutputLost, match=f"standard output cannot be written: {os.strerror(number)}") as caught, output_lost():
        raise OSError(number, os.strerror(number))
    assert (caught.value.reader_gone, caught.value.exit_code) == (gone, 3)


def test_an_error_of_another_file_stays_as_it_is():
    with pytest.raises(FileNotFoundError), output_lost():
        open("/no/such/file")  # noqa: PTH123, SIM115 - it cannot be opened


def test_standard_output_is_flushed_inside_the_context(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputLost), output_lost():
        pass
    monkeypatch.setattr(sys, "stdout", None)
    with output_lost():
        pass


def test_the_console_raises_a_broken_pipe_instead_of_exiting():
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    with pytest.raises(BrokenPipeError):
        Output(file=Gone()).print("x")


def test_settled_streams_have_nothing_left_to_write(monkeypatch):
    for name in ("stdout", "stderr"):
        stream = Path("/dev/full").open("w")  # noqa: SIM115 - closed below, which would fail if anything were left
        stream.write("held back")
        monkeypatch.setattr(sys, name, stream)
    full = [sys.stdout, sys.stderr]
    settle_streams()
    monkeypatch.undo()
    for stream in full:
        stream.close()
