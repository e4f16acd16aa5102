"""What filled the memory of a server for good once, at a real process."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from urllib.parse import urlencode

import pytest

MIB = 1024 * 1024
FORM = {"Content-Type": "application/x-www-form-urlencoded"}

pytestmark = pytest.mark.slow


@pytest.fixture
def connection():
    """A connection to ``oauth-gauntlet serve`` with 32 MiB."""
    command = [sys.executable, "-m", "oauth_gauntlet", "serve", "--port", "0", "--memory", "32"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        line = next(each for each in server.stdout if "control API" in each)
        connected = http.client.HTTPConnection(re.search(r"//([^/]+)/", line)[1], timeout=60)
        yield connected
        connected.close()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
        assert server.returncode == 0


def send(connection, method, path, body=None, headers=FORM):
    connection.request(method, path, body, headers if body is not None else {})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read() or b"null")


def memory(connection):
    return send(connection, "GET", "/_control/memory")[1]


def token_form(**more):
    return urlencode({"grant_type": "client_credentials", "client_id": "c", "client_secret": "s", **more})


def test_large_bodies_at_many_tenants_stay_within_the_memory(connection):
    for tenant in range(10):
        for _ in range(8):
            send(connection, "POST", f"/t{tenant}/token", b"x" * (MIB - 100), {"Content-Type": "text/plain"})
    use = memory(connection)
    assert use["limit"] == 32 * MIB
    assert 8 * MIB < use["used"] <= use["limit"]
    assert use["dropped_exchanges"] > 40
    assert send(connection, "GET", "/_control/tenants/t9/journal/count")[1]["count"] == 8
    # All of that went at the cost of journals: the printed commands still work.
    assert send(connection, "POST", "/default/introspect", token_form(token="demo-access-token"))[1]["active"]


def test_large_scopes_are_refused_and_smaller_ones_push_out_no_refresh_token(connection):
    status, refused = send(connection, "POST", "/t/token", token_form(scope="s" * (MIB - 200)))
    assert (status, refused["error"], "limit of this server is 8192" in refused["error_description"]) == (
        400,
        "invalid_request",
        True,
    )
    form = token_form(grant_type="password", username="u", password="p")
    held = send(connection, "POST", "/t/token", form)[1]["refresh_token"]
    form = token_form(scope="s" * 8192)
    while not (use := memory(connection))["dropped_access_tokens"]:
        for _ in range(200):
            assert send(connection, "POST", "/t/token", form)[0] == 200
    assert use["used"] <= use["limit"]
    assert send(connection, "POST", "/t/introspect", token_form(token=held))[1]["active"]


def test_when_only_refresh_tokens_are_left_the_server_says_so(connection):
    form = token_form(grant_type="password", username="u" * 8000, password="p", scope="s" * 8192)
    granted = 0
    while (answer := send(connection, "POST", "/t/token", form))[0] == 200:
        granted += 1
    status, error = answer
    assert (status, error["error"]) == (503, "temporarily_unavailable")
    assert "the memory of the server (32 MiB) is full" in error["error_description"]
    assert "--memory" in error["error_description"]
    assert granted > 500
    use = memory(connection)
    assert (use["dropped_refresh_tokens"], use["used"] <= use["limit"]) == (0, True)
    assert send(connection, "DELETE", "/_control/tenants/t")[0] == 204
    assert send(connection, "POST", "/u/token", form)[0] == 200
