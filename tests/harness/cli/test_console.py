import errno
import io
import os
import sys

import pytest

from oauth_gauntlet.cli.console import Output


def test_the_console_raises_a_broken_pipe_instead_of_exiting(monkeypatch):
    class Gone(io.StringIO):
        def write(self, text):
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr(sys, "stdout", Gone())
    with pytest.raises(BrokenPipeError):
        Output().print("x")
