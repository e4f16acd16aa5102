"""Start `oauth-gauntlet` as a user does, in order to disturb it: its processes, its results file, what it leaves behind."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.child_signals import default_signals

ROOT = Path(__file__).parents[3]
REFERENCE = "py:oauth_gauntlet.reference:make_client"

PATIENCE_S = 120
"""How long a test waits for anything, in seconds: enough for a machine that other processes keep busy."""


def client(kind, *arguments):
    """Return the spec of one of the adapters in clients.py."""
    return " ".join(["cmd:", sys.executable, "-m", "tests.selftest.trouble.clients", kind, *map(str, arguments)])


def until(condition, what):
    """Wait until a condition is true, and return its value."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)
    return found


def command(*arguments):
    """Return the command line of `oauth-gauntlet`."""
    return [sys.executable, "-m", "oauth_gauntlet", *map(str, arguments)]


def call(*arguments, cwd, **more):
    """Run a command to its end."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.run(command(*arguments), cwd=cwd, text=True, timeout=PATIENCE_S, check=False, **streams)


def children(pid):
    """Return the processes that any thread of a process started and that still exist."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def alive(pid):
    """Check whether a process exists and is no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def lines_of(path):
    """Return the complete lines of a results stream that may still grow."""
    with contextlib.suppress(FileNotFoundError):
        return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return []


class DisturbedRun:
    """A run in its own process group, with its own results file and its own folder for temporary files."""

    def __init__(self, folder, spec, *options, name="results", preexec_fn=None, stdout=subprocess.PIPE):
        self.results = folder / f"{name}.jsonl"
        self.temporary = folder / f"tmp-{name}"
        self.temporary.mkdir(exist_ok=True)
        self.seen = set()

        def prepare():
            default_signals()
            if preexec_fn is not None:
                preexec_fn()

        self.process = subprocess.Popen(
            command("run", "--client", spec, "--results", self.results, *options),
            cwd=folder,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(self.temporary), "PYTHONPATH": str(ROOT)},
            start_new_session=True,
            preexec_fn=prepare,
        )

    def after(self, results):
        """Wait until the file has this many results, and note the processes of the run."""
        return until(lambda: len(self.found()) >= results and self.look(), f"{results} results")

    def found(self):
        """Return the results in the file."""
        return [line for line in lines_of(self.results) if line["type"] == "result"]

    def look(self):
        """Note every process of the run that exists now, and return True."""
        level = [self.process.pid]
        while level:
            self.seen.update(level)
            level = [child for pid in level for child in children(pid)]
        return True

    @property
    def judging(self):
        """The id of the process in which the scenarios run."""
        return until(lambda: children(self.process.pid), "the judging process")[0]

    def ended(self):
        """Wait for the end; return exit code, standard output, standard error, and the lines of the results file."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in err
        return self.process.returncode, out, err, lines_of(self.results)

    def leaves_nothing(self):
        """Check that no process of the run and no temporary file is left."""
        until(lambda: not any(map(alive, self.seen)), f"the end of {self.seen}")
        until(lambda: not list(self.temporary.iterdir()), f"an empty {self.temporary}")

    def kill(self):
        """Kill the run if its test failed, and close its streams."""
        self.look()
        for pid in self.seen:
            with contextlib.suppress(ProcessLookupError):
                if alive(pid):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()


def is_incomplete(lines):
    """Check whether a reader of the stream can see that the run did not finish."""
    last = lines[-1]
    return last["type"] != "footer" or last["complete"] is False
