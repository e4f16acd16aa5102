import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet_server.commands.output import OutputLost, flush_output, prepare_streams, print_error, settle_streams

PREPARED = "import sys; from oauth_gauntlet_server.commands.output import OutputLost, prepare_streams; prepare_streams()\n"


def python(code, stdout):
    return subprocess.run(
        [sys.executable, "-c", PREPARED + code], stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )


CAUGHT = """
try:
    print("x", flush=True)
except OutputLost as error:
    print(error, error.reader_gone, error.exit_code, file=sys.stderr)
"""


def test_a_prepared_standard_output_raises_output_lost():
    with Path("/dev/full").open("w") as full:
        assert f"standard output cannot be written: {os.strerror(errno.ENOSPC)} False 3" in python(CAUGHT, full).stderr
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as gone:
        assert f"standard output cannot be written: {os.strerror(errno.EPIPE)} True 3" in python(CAUGHT, gone).stderr


def test_a_prepared_standard_output_writes_every_text_and_its_octets():
    done = python("print('a\\ud800', sys.stdout.isatty()); sys.stdout.flush(); sys.stdout.buffer.write(b'z')", subprocess.PIPE)
    assert (done.stdout, done.stderr) == ("a\\ud800 False\nz", "")


def test_an_error_of_another_file_stays_as_it_is():
    done = python("try: open('/no/such/file')\nexcept FileNotFoundError: print('as it is')", subprocess.PIPE)
    assert (done.stdout, done.stderr) == ("as it is\n", "")


def test_a_stream_without_a_descriptor_is_left_alone(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", stream)
    prepare_streams()
    assert sys.stdout is stream


def test_standard_output_is_flushed(monkeypatch):
    class Full(io.StringIO):
        def flush(self):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(sys, "stdout", Full())
    with pytest.raises(OutputLost):
        flush_output()
    monkeypatch.setattr(sys, "stdout", None)
    flush_output()


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


def test_an_error_that_quotes_a_file_cannot_control_the_terminal(capsys):
    print_error("first \x1b[31m line\nsecond \r line")
    assert capsys.readouterr().err == "first \\x1b[31m line\nsecond \\r line\n"
