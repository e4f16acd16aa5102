"""``python -m oauth_gauntlet_server`` as a process."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from oauth_gauntlet_server.__main__ import main

FORM = b"grant_type=client_credentials&client_id=demo-client&client_secret=demo-secret"


def run(*options):
    command = [sys.executable, "-m", "oauth_gauntlet_server", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_url_grants_and_stops_on_a_signal(number):
    with run("--port", "0") as server:
        line = server.stdout.readline()
        assert line.startswith("oauth-gauntlet serves http://127.0.0.1:")
        issuer = line.split()[-1]
        with urllib.request.urlopen(f"{issuer}/token", FORM, timeout=60) as answer:
            assert json.loads(answer.read())["token_type"] == "Bearer"
        server.send_signal(number)
        out, err = server.communicate(timeout=60)
    assert (server.returncode, out, err) == (0, "", "")


def test_beyond_loopback_it_prints_the_control_token():
    with run("--port", "0", "--host", "0.0.0.0") as server:
        assert server.stdout.readline().startswith("control token: ")
        assert server.stdout.readline().startswith("oauth-gauntlet serves http://127.0.0.1:")
        server.terminate()
        assert server.wait(timeout=60) == 0


def test_a_taken_port_is_exit_code_2_and_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main(["--port", str(port)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"error: cannot listen on 127.0.0.1 port {port}: ")


@pytest.mark.parametrize("port", ["65536", "x", "-1", ""])
def test_a_port_out_of_range_is_a_usage_error(capsys, port):
    with pytest.raises(SystemExit, match="2"):
        main([f"--port={port}"])
    assert f"argument --port: expected a number from 0 to 65535, got {port!r}" in capsys.readouterr().err
