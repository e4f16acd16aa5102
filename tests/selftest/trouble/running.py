"""A run of `oauth-gauntlet` as its user starts it, to be disturbed: a process, its results as they come, and what it leaves."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
REFERENCE = "py:oauth_gauntlet.reference:make_client"
CLIENTS = HERE / "clients.py"

PATIENCE_S = 120
"""How long anything may take on a machine that others keep busy."""


def client(kind, *arguments):
    """Return the spec of one of the clients in clients.py: a program."""
    return " ".join(["cmd:", sys.executable, str(CLIENTS), kind, *map(str, arguments)])


def until(condition, what):
    """Wait until a condition holds, and return what it gave."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited for {what} in vain"
        time.sleep(0.05)
    return found


def command(*arguments):
    return [sys.executable, "-m", "oauth_gauntlet", *map(str, arguments)]


def call(*arguments, cwd, **more):
    """Run a command to its end."""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.run(command(*arguments), cwd=cwd, text=True, timeout=PATIENCE_S, check=False, **streams)


def children(pid):
    """Return the processes that a process, any of its threads, started and that have not ended."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def alive(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def lines_of(path):
    """Return the whole lines of a results stream, as far as it was written."""
    with contextlib.suppress(FileNotFoundError):
        return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
    return []


class Running:
    """A run of its own, in a folder of its own, with a folder of its own for temporary files."""

    def __init__(self, folder, spec, *options, name="results", preexec_fn=None, stdout=subprocess.PIPE):
        self.results = folder / f"{name}.jsonl"
        self.temporary = folder / f"tmp-{name}"
        self.temporary.mkdir(exist_ok=True)
        self.seen = set()
        self.process = subprocess.Popen(
            command("run", "--client", spec, "--results", self.results, *options),
            cwd=folder,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "TMPDIR": str(self.temporary)},
            start_new_session=True,
            preexec_fn=preexec_fn,
        )

    def after(self, results):
        """Wait until so many results are in the file, and note who takes part."""
        return until(lambda: len(self.found()) >= results and self.look(), f"{results} results")

    def found(self):
        return [line for line in lines_of(self.results) if line["type"] == "result"]

    def look(self):
        """Note every process of the run that there is now."""
        level = [self.process.pid]
        while level:
            self.seen.update(level)
            level = [child for pid in level for child in children(pid)]
        return True

    @property
    def judging(self):
        """The process in which the scenarios run."""
        return until(lambda: children(self.process.pid), "the judging process")[0]

    def ended(self):
        """Wait for the end; return the exit code, what was said, and the lines of the results file."""
        out, err = self.process.communicate(timeout=PATIENCE_S)
        assert "Traceback" not in err
        return self.process.returncode, out, err, lines_of(self.results)

    def leaves_nothing(self):
        """Hold the run against the promise that neither a process nor a temporary file is left behind."""
        until(lambda: not any(map(alive, self.seen)), f"the end of {self.seen}")
        until(lambda: not list(self.temporary.iterdir()), f"an empty {self.temporary}")

    def end(self):
        """Clean up after a test that failed."""
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
    """Whether a reader of the stream can tell that the run did not come to its end."""
    last = lines[-1]
    return last["type"] != "footer" or last["complete"] is False
