"""``python -m oauth_gauntlet_server``: the command `serve`, as a process."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

FORM = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"
COMMAND = [sys.executable, "-m", "oauth_gauntlet_server"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_url_grants_and_stops_on_a_signal(number):
    unbuffered = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [*COMMAND, "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=unbuffered
    ) as server:
        token = next(
            found[0] for found in (re.search(r"http://127\.0\.0\.1:\d+/default/token", e) for e in server.stdout) if found
        )
        with urllib.request.urlopen(token, FORM, timeout=60) as answer:
            assert json.loads(answer.read())["token_type"] == "Bearer"
        server.send_signal(number)
        _, err = server.communicate(timeout=60)
    assert (server.returncode, err) == (0, "")


def done(*arguments):
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=120, check=False)


def test_it_has_the_options_of_serve():
    same = subprocess.run(
        [sys.executable, "-m", "oauth_gauntlet", "serve", "--help"], capture_output=True, text=True, check=True
    )
    assert done("--help").stdout.splitlines()[1:] == same.stdout.splitlines()[1:]


def test_a_taken_port_is_exit_code_2_and_one_line():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = done("--port", str(port))
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert ended.stderr.startswith(f"oauth-gauntlet: cannot listen on 127.0.0.1 port {port}: ")


def test_a_wrong_option_is_exit_code_2():
    ended = done("--port", "65536")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "65536 is not in the range" in ended.stderr


@pytest.mark.skipif(os.name == "nt", reason="needs /dev/full")
def test_a_standard_output_that_is_full_is_one_sentence():
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run([*COMMAND, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False)
    assert (ended.returncode, "standard output cannot be written" in ended.stderr) == (3, True)
