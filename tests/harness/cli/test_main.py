"""What the command says when the operating system refuses something that nothing in it expects to fail."""

import errno
import os

import pytest

from oauth_gauntlet.cli import gate, main


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EINVAL, os.strerror(errno.EINVAL)), f"failed: {os.strerror(errno.EINVAL)}, in gate.gate; check"),
        (BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)), f"failed: {os.strerror(errno.EPIPE)}, in "),
        (OSError(errno.EIO, os.strerror(errno.EIO), "a\x1bb"), f"failed: {os.strerror(errno.EIO)} (a\\x1bb), in "),
    ],
)
def test_an_error_of_the_operating_system_names_its_own_cause(error, words, monkeypatch, capsys):
    def refused(*_):
        raise error

    monkeypatch.setattr(gate, "read_run_file", refused)
    assert main(["gate", "x.jsonl"]) == 3
    stderr = capsys.readouterr().err
    assert words in stderr
    assert "standard output" not in stderr
