"""The life of ``serve`` as a process: its log, a reader that is gone or stuck, its end, and SIGHUP."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

import pytest

from tests.child_signals import default_signals
from tests.server.serving.processes import command, serving

FORM = b"grant_type=client_credentials&client_id=c&client_secret=s"


def post(url, form=FORM):
    """Return status and body of the answer."""
    try:
        with urllib.request.urlopen(url, form, timeout=120) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def refused(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def until(condition, timeout_s=120):
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def in_flight(served):
    """Send a token request; return a thread that waits for the answer, and a list that gets its status."""
    answers = []

    def ask():
        try:
            answers.append(post(f"{served.base_url}/default/token")[0])
        except (OSError, http.client.HTTPException) as error:
            answers.append(type(error))

    thread = threading.Thread(target=ask)
    thread.start()
    # An exchange is recorded before a fault waits.
    served.line(r"  default  +token ")
    return thread, answers


def delay(served, seconds):
    body = b'{"fault": "delay", "seconds": %d}' % seconds
    request = urllib.request.Request(
        f"{served.base_url}/_control/tenants/default/faults", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        assert answer.status == 201


def test_it_prints_the_urls_a_command_and_then_a_line_for_each_request():
    with serving() as served:
        served.started()
        start = "".join(served.lines)
        assert f"  token          {served.base_url}/default/token\n" in start
        assert "tenant default: lenient, " in start
        assert start.count("\ncurl ") == 1
        assert post(f"{served.base_url}/default/token")[0] == 200
        assert served.line(r"  default  +token  +c  +client_credentials  +200 ")
        assert post(f"{served.base_url}/acme/token")[0] == 200
        assert served.line("created tenant 'acme' on request: lenient")


def test_quiet_and_no_auto_create():
    with serving("--quiet", "--no-auto-create") as served:
        served.started()
        assert post(f"{served.base_url}/acme/token")[0] == 404
        assert post(f"{served.base_url}/default/token")[0] == 200
        served.process.send_signal(signal.SIGTERM)
        rest = served.process.stdout.read()
    assert "any other name" not in "".join(served.lines)
    assert [line.split()[-1] for line in rest.splitlines() if line] == ["stopped"]


def test_every_line_of_the_json_log_is_an_object():
    with serving("--log", "json", "--control-token", "mine") as served:
        started = served.json(notice="started")
        assert (started["tenants"][0]["name"], started["control_token"]) == ("default", None)
        assert post(started["tenants"][0]["token_url"])[0] == 200
        assert served.json(tenant="default")["grant"] == "client_credentials"
        assert post(f"{started['base_url']}/_control/tenants")[0] == 401
        served.process.send_signal(signal.SIGTERM)
        served.json(notice="stopped", unanswered=0)
        assert served.process.wait(120) == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_in_flight_is_answered_and_new_connections_are_refused(number):
    with serving("--grace", "60") as served:
        served.started()
        delay(served, 2)
        with socket.create_connection(("127.0.0.1", served.port), timeout=120) as idle:
            thread, answers = in_flight(served)
            served.process.send_signal(number)
            served.line(r"stopping: 1 request in flight may take 60 s more")
            until(lambda: refused(served.port))
            assert idle.recv(1) == b""
        thread.join(120)
        assert answers == [200]
        served.line(r"stopped$")
        assert served.process.wait(120) == 0


def test_the_wait_is_bounded():
    with serving("--grace", "0.5") as served:
        served.started()
        delay(served, 60)
        thread, answers = in_flight(served)
        served.process.send_signal(signal.SIGTERM)
        served.line(r"stopped; 1 request unanswered$")
        assert served.process.wait(120) == 0
        thread.join(120)
        assert answers != [200]


def test_the_second_signal_ends_at_once():
    with serving("--grace", "3600") as served:
        served.started()
        delay(served, 60)
        thread, _ = in_flight(served)
        served.process.send_signal(signal.SIGTERM)
        served.line(r"another signal ends at once")
        served.process.send_signal(signal.SIGINT)
        served.line(r"stopped; 1 request unanswered$")
        assert served.process.wait(120) == 0
        thread.join(120)


def test_an_open_stream_of_the_console_does_not_delay_the_end():
    with serving("--grace", "3600") as served:
        served.started()
        with urllib.request.urlopen(f"{served.base_url}/_control/tenants/default/journal/stream", timeout=120) as stream:
            assert stream.readline() == b":\n"
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(120) == 0


def test_a_reader_that_is_gone_does_not_end_the_server():
    read, write = os.pipe()
    os.close(read)
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    with serving("--port", str(port), stdout=write, stderr=subprocess.PIPE) as served:
        os.close(write)
        until(lambda: not refused(port))
        for _ in range(5):
            assert post(f"http://127.0.0.1:{port}/default/token")[0] == 200
        served.process.send_signal(signal.SIGTERM)
        assert served.process.stderr.read() == ""
        assert served.process.wait(120) == 0


def test_a_reader_that_does_not_read_delays_no_request_and_not_the_end():
    with serving() as served:
        served.started()
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=120)
        for _ in range(1000):  # more than a pipe holds
            connection.request("GET", "/default/jwks/" + "x" * 200)
            assert connection.getresponse().read()
        connection.close()
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(120) == 0


def test_a_closed_standard_output_is_no_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as chosen:
        port = chosen.getsockname()[1]
    script = f"exec {' '.join(command('--port', str(port)))} >&-"
    with subprocess.Popen(["bash", "-c", script], stderr=subprocess.PIPE, text=True) as process:
        until(lambda: not refused(port))
        assert post(f"http://127.0.0.1:{port}/default/token")[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.stderr.read() == ""
        assert process.wait(120) == 0


FILE = """
[[tenant]]
name = "shop"
strict = false
access_token_lifetime_s = {lifetime}

[[tenant]]
name = "{other}"
"""


def test_sighup_reads_the_file_again(tmp_path):
    path = tmp_path / "server.toml"
    path.write_text(FILE.format(lifetime=60, other="old"))
    with serving("--config", str(path)) as served:
        served.started()
        shop = f"{served.base_url}/shop/token"
        assert b'"expires_in": 60' in post(shop)[1]

        path.write_text(FILE.format(lifetime=90, other="new"))
        served.process.send_signal(signal.SIGHUP)
        served.line("deleted tenant old")
        served.line("changed tenant shop: lenient")
        served.line("created tenant new: strict")
        assert b'"expires_in": 90' in post(shop)[1]
        assert b"unknown_tenant" in post(f"{served.base_url}/old/token")[1]
        assert post(f"{served.base_url}/new/token")[0] == 401

        path.write_text(FILE.format(lifetime="'soon'", other="newer"))
        served.process.send_signal(signal.SIGHUP)
        refusal = served.line(r"server.toml, line 5: tenant\[1\].access_token_lifetime_s: .*stays as it was")
        assert "got 'soon'" in refusal[0]
        assert b'"expires_in": 90' in post(shop)[1]
        assert post(f"{served.base_url}/new/token")[0] == 401


def test_sighup_without_a_file_ends_the_server():
    with serving() as served:
        served.started()
        served.process.send_signal(signal.SIGHUP)
        served.line(r"stopped$")
        assert served.process.wait(120) == 0


def test_under_nohup_sighup_without_a_file_is_ignored():
    ignoring = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    with serving(**ignoring) as served:
        served.started()
        served.process.send_signal(signal.SIGHUP)
        assert post(f"{served.base_url}/default/token")[0] == 200
        served.line(r"  default  +token ")


def test_the_end_of_the_terminal_ends_a_server_with_a_file_too(tmp_path):
    path = tmp_path / "server.toml"
    path.write_text(FILE.format(lifetime=60, other="old"))
    ours, theirs = os.openpty()

    def own_terminal():
        default_signals()
        os.setsid()
        import fcntl
        import termios

        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    with serving("--config", str(path), stdin=theirs, preexec_fn=own_terminal) as served:
        os.close(theirs)
        served.started()
        os.close(ours)
        assert served.process.wait(120) == 0
