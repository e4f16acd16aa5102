"""Without the POSIX modules of Python (Windows) everything works but judging, which is one sentence."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow

BLOCK = """
import os, select, signal, sys
for name in ("fcntl", "resource", "termios", "pwd", "grp"):
    sys.modules[name] = None
for name in ("killpg", "getpgid", "setsid", "fork"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("SIGHUP", "SIGKILL"):
    delattr(signal, name)
"""
SENTENCE = (
    "judging a client needs a POSIX system (Linux, macOS, or WSL on Windows): "
    "this Python has no module fcntl and no module resource"
)
REFERENCE = "py:oauth_gauntlet.reference:make_client"

RESULTS = (
    '{"type": "header", "schema": "oauth-gauntlet/results/2", "tool": {"version": "0"}, "client": {"name": "c"}, '
    '"declared": {}, "options": {}, "started_at": "2026-11-23T00:00:00Z"}\n'
    '{"type": "footer", "duration_s": 1, "complete": true}\n'
)


def without_posix(code, folder, *arguments):
    return subprocess.run(
        [sys.executable, "-c", BLOCK + code, *arguments], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def command(folder, *arguments):
    return without_posix("from oauth_gauntlet.cli import run_main\nrun_main()", folder, *arguments)


@pytest.mark.parametrize(
    "arguments",
    [["run", "--client", REFERENCE], ["adapter", "check", REFERENCE]],
    ids=["run", "adapter check"],
)
def test_judging_is_a_usage_error(tmp_path, arguments):
    done = command(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (2, f"oauth-gauntlet: {SENTENCE}\n")


def test_the_pytest_option_is_a_usage_error(tmp_path):
    (tmp_path / "test_it.py").write_text("def test_it():\n    pass\n")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:faulthandler", "--rootdir=.", "."]
    code = "import pytest\nsys.exit(pytest.main(sys.argv[1:]))"
    done = without_posix(code, tmp_path, *options, "--oauth-client", REFERENCE)
    assert (done.returncode, SENTENCE in done.stderr) == (4, True), done.stderr
    alone = without_posix(code, tmp_path, *options)
    assert alone.returncode == 0, alone.stdout + alone.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--help"], 0, "Commands:"),
        (["run", "--help"], 0, "--client"),
        (["list"], 0, "parse.minimal"),
        (["explain", "parse.minimal"], 0, "parse.minimal"),
        (["faults", "drip"], 0, "drip("),
        (["adapter", "new"], 0, "javascript"),
        (["gate", "r.jsonl"], 4, "nothing was tested"),
        (["report", "r.jsonl", "--report", "json=-"], 0, '"complete": true'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_the_other_commands_work(tmp_path, arguments, code, words):
    (tmp_path / "r.jsonl").write_text(RESULTS)
    done = command(tmp_path, *arguments)
    assert (done.returncode, words in done.stdout) == (code, True), done.stdout + done.stderr


def test_the_mock_server_and_its_command_work(tmp_path):
    code = """
import json, threading, urllib.request
from oauth_gauntlet_server import MockServer
with MockServer() as server:
    with urllib.request.urlopen(server.tenant().metadata_url, timeout=60) as answer:
        print(json.load(answer)["issuer"])
import oauth_gauntlet_server.commands.serve
"""
    done = without_posix(code, tmp_path)
    assert done.stdout.startswith("http://127.0.0.1:"), done.stderr
    assert done.returncode == 0
