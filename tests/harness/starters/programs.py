"""Build the starters as `oauth-gauntlet adapter new` copies them, each once, and exchange lines with the programs."""

import contextlib
import fcntl
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.adapter_starter import copy_starter, starter
from oauth_gauntlet.adapters.pipes import LineReader

GENEROUS_S = 120
"""Seconds after which a program hangs: far more than a busy machine needs."""

ALSO_NEEDED = {"shell": ("jq",), "java": ("javac",)}

COMMANDS = {
    # Maven would load its plugins from the network; the sources need the JDK alone.
    "java": ("javac --release 17 -d classes Adapter.java MyAdapter.java", "java -cp classes MyAdapter"),
    "python": ("", f"{shlex.quote(sys.executable)} adapter.py"),
}
"""How a test builds and starts a starter, where this is not what `adapter new` prints."""

NETWORK = ("failed to download", "failed to get", "Could not resolve", "network", "Couldn't resolve")


def commands(language):
    """Return how a copy of the starter is built and started, as lists of arguments."""
    chosen = starter(language)
    build, start = COMMANDS.get(language, (chosen.build, chosen.start))
    return shlex.split(build), shlex.split(start)


def missing(language):
    """Return the programs that the starter needs and this machine does not have."""
    needed = [line[0] for line in commands(language) if line]
    return [
        name
        for name in (*needed, *ALSO_NEEDED.get(language, ()))
        if not name.startswith(("./", "target/")) and shutil.which(name) is None
    ]


def build(language, shared, *, name="starter", changes=None):
    """Return the folder with the built starter; workers of pytest-xdist build each language once.

    With `changes`, a file of the copy gets the content of another file; such a build has a `name` of its own.
    """
    absent = missing(language)
    if absent:
        pytest.skip(f"the starter of {language} needs {', '.join(absent)}, which is not installed")
    folder = shared / f"{name}-{language}"
    with (shared / f"{name}-{language}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            copy_starter(starter(language), folder)
            for place, source in (changes or {}).items():
                shutil.copy(source, folder / place)
        command, _ = commands(language)
        if command and not (folder / "built").exists():
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=900, check=False)
            if done.returncode and any(words in done.stderr for words in NETWORK):
                pytest.skip(f"the starter of {language} does not build without the network: {done.stderr[-200:]}")
            assert done.returncode == 0, done.stdout + done.stderr
        (folder / "built").touch()
    return folder


ECHOES = Path(__file__).parent / "echoes"

PLACES = {
    "go": "main.go",
    "java": "MyAdapter.java",
    "javascript": "adapter.mjs",
    "perl": "adapter.pl",
    "php": "adapter.php",
    "python": "adapter.py",
    "ruby": "adapter.rb",
    "rust": "src/main.rs",
    "shell": "adapter.sh",
}
"""Where the starter of a language has its adapter."""


def build_echoes(language, shared):
    """Return the folder with the built starter whose adapter is the program in ``echoes``."""
    place = Path(PLACES[language])
    return build(language, shared, name="echoes", changes={place: ECHOES / place.name})


class Program:
    """A started adapter: send it lines, and read its answers. `environment`: variables that it has in addition."""

    def __init__(self, language, folder, environment=None):
        _, command = commands(language)
        self._stderr = (folder / f"stderr-{os.getpid()}.txt").open("w+b")
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            bufsize=0,
        )
        self._answers = LineReader(self.process.stdout, most_octets=1 << 24)
        self._last_id = 0

    def send(self, line):
        """Send a line, which need not be a request."""
        self.process.stdin.write(line + b"\n")

    def read(self):
        """Return the next line of stdout, or None at its end."""
        return self._answers.next(GENEROUS_S)

    def ask(self, operation, **arguments):
        """Send a request, and return its answer."""
        self._last_id += 1
        self.send(json.dumps({"id": self._last_id, "op": operation, "args": arguments}).encode())
        line = self.read()
        assert line is not None, f"no answer to {operation}; stderr: {self.stderr()}"
        answer = json.loads(line)
        assert answer["id"] == self._last_id
        return answer

    def end(self):
        """Close stdin, and return the exit code, with the lines that had not been read."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(GENEROUS_S)
        return code, list(iter(self.read, None))

    def stderr(self):
        """Return the last characters of what the program has written to stderr."""
        self._stderr.seek(0)
        return self._stderr.read()[-2000:].decode("utf-8", "replace")

    def close(self):
        """End the program, however it is."""
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.kill()
        self.process.wait()
        self._answers.stop()
        self._stderr.close()


def spec(language, folder):
    """Return the client spec of a built starter; relative paths of its command are those of its folder."""
    _, command = commands(language)
    absolute = [str(folder / part) if (folder / part).exists() else part for part in command]
    return f"cmd:{shlex.join(absolute)}"


def shared_folder(tmp_path_factory):
    """Return the folder that all workers of pytest-xdist have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else Path(base)
