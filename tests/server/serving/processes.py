"""``python -m oauth_gauntlet_server``, which is ``oauth-gauntlet serve``, as a process."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

from tests.child_signals import default_signals


class Served:
    """A process that serves; `lines` grows with what it prints."""

    def __init__(self, process):
        self.process = process
        self.lines = []

    def line(self, pattern, timeout_s=120):
        """Read until a line matches, and return the match."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            text = self.process.stdout.readline()
            assert text, f"no line matches {pattern!r} in {''.join(self.lines)}"
            self.lines.append(text)
            if found := re.search(pattern, text):
                return found
        raise AssertionError(f"no line matches {pattern!r} in time")

    def json(self, **members):
        """Read JSON lines until one has these members, and return it."""
        while True:
            text = self.process.stdout.readline()
            assert text, f"no line has {members} in {''.join(self.lines)}"
            self.lines.append(text)
            document = json.loads(text)
            if all(document.get(name) == value for name, value in members.items()):
                return document

    @property
    def port(self):
        return int(self.base_url.rpartition(":")[2])

    def started(self):
        """Read the start text, and keep the base URL."""
        self.base_url = self.line(r"serves (https?://\S+)$")[1]
        self.line("Ctrl-C stops the server")
        return self

    def stop(self):
        """End the process as Ctrl-C does, and wait for it."""
        self.process.send_signal(signal.SIGINT)
        self.process.stdout.read()
        assert self.process.wait(120) == 0


def command(*options):
    return [sys.executable, "-m", "oauth_gauntlet_server", *options]


@contextmanager
def serving(*options, **popen):
    """Start ``serve`` at a port that the system chooses; the process is killed at the end if it still runs.

    It is killed after ten minutes too, so that a test that reads its output does not wait for ever.
    """
    given = {"stdout": subprocess.PIPE, "text": True, "env": os.environ.copy(), "preexec_fn": default_signals, **popen}
    given["env"].setdefault("OAUTH_GAUNTLET_PORT", "0")
    with subprocess.Popen(command(*options), **given) as process:
        killer = threading.Timer(600, process.kill)
        killer.daemon = True
        killer.start()
        try:
            yield Served(process)
        finally:
            killer.cancel()
            if process.poll() is None:
                process.kill()
