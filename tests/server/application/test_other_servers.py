"""The application under gunicorn and granian: everything works except what needs the socket."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

import pytest

pytestmark = pytest.mark.slow  # starts two other servers

SERVERS = {
    "gunicorn": ["gunicorn", "--worker-class", "gthread", "--threads", "4", "--bind", "127.0.0.1:{port}", "application:app"],
    "granian": ["granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", "{port}", "application:app"],
}
CLIENT = {"client_id": "c", "client_secret": "s"}


@pytest.fixture(scope="module", params=SERVERS)
def port(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "application.py").write_text("from oauth_gauntlet_server import create_app\napp = create_app()\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    command = [sys.executable, "-m", *(part.format(port=number) for part in SERVERS[request.param])]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, cwd=folder, start_new_session=True, **quiet)
    try:
        wait_until_it_listens(number, server)
        yield number
    finally:
        # SIGKILL, because granian sometimes waits forever for its worker.
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_it_listens(port, server):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server stopped"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=10).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not listen")


def post(port, path, **form):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    body = urllib.parse.urlencode(form)
    connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text else None


@pytest.mark.parametrize(
    "form",
    [
        {"grant_type": "client_credentials"},
        {"grant_type": "password", "username": "u", "password": "p"},
        {"grant_type": "refresh_token", "refresh_token": "r"},
        {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": "eyJhbGciOiJub25lIn0.eyJpc3MiOiJpIiwic3ViIjoicyJ9.",
        },
    ],
    ids=lambda form: form["grant_type"],
)
def test_every_grant(port, form):
    status, document = post(port, "/default/token", **form, **CLIENT)
    assert (status, document["token_type"]) == (200, "Bearer")


def test_a_fault_by_its_url(port):
    assert post(port, "/default/faults/invalid-grant/token", grant_type="client_credentials", **CLIENT)[0] == 400
    status, document = post(port, "/default/faults/expires-in-string/token", grant_type="client_credentials", **CLIENT)
    assert (status, document["expires_in"]) == (200, "3600")


def test_a_fault_that_needs_the_socket_is_a_501(port):
    for preset in ("closed", "reset", "cut-short", "chunked-cut", "early-hints"):
        status, document = post(port, f"/default/faults/{preset}/token", grant_type="client_credentials", **CLIENT)
        assert (status, document["error"]) == (501, "fault_needs_socket")
    # A fault that needs a second origin is a 501 too.
    status, document = post(port, "/default/faults/redirect-away-307/token", grant_type="client_credentials", **CLIENT)
    assert (status, document["error"]) == (501, "fault_unavailable")


def test_a_journal_can_be_followed(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/_control/tenants/followed/journal/stream?timeout_s=60")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/event-stream")
    assert post(port, "/followed/token", grant_type="client_credentials", **CLIENT)[0] == 200
    while not (line := answer.readline()).startswith(b'data: {"sequence": 1,'):
        assert line, "the stream ended"
    answer.close()
    connection.close()


def test_the_console_is_served(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/_console/")
    answer = connection.getresponse()
    assert (answer.status, answer.read()[:15]) == (200, b"<!DOCTYPE html>")
    connection.close()
