"""The log of a running server: every request, and the tenants that requests create."""

import json
import socket
from datetime import UTC, datetime

import pytest

from oauth_gauntlet_server import MockServer, Tenants, faults
from oauth_gauntlet_server.serving.log import Log, Style
from oauth_gauntlet_server.serving.output import Output

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


class Logged:
    """A server with a log, and what the log has printed."""

    def __init__(self, **options):
        self.octets = b""
        self.output = Output(self._take)
        self.server = MockServer(tenants=Tenants(auto_create=True, observer=Log(self.output, **options)))

    def _take(self, octets):
        self.octets += octets

    def lines(self):
        """Stop the server, and return what was printed."""
        self.server.stop()
        self.output.close(60)
        return self.octets.decode().splitlines()


@pytest.fixture
def logged():
    made = []

    def start(**options):
        made.append(Logged(**options))
        made[-1].server.start()
        return made[-1]

    yield start
    for each in made:
        each.server.stop()


def test_a_line_for_each_request_inside_and_outside_of_tenants(logged, http):
    log = logged()
    base = log.server.base_url
    log.server.tenant("shop")
    http.post(f"{base}/shop/token", data=FORM)
    http.get(f"{base}/shop/jwks")
    http.post(f"{base}/token", data=FORM)
    http.get(f"{base}/")
    with socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2])), timeout=60) as broken:
        broken.sendall(b"nonsense\r\n\r\n")
        assert broken.recv(100)
    first, second, third, fourth, fifth = (line.split() for line in log.lines())
    assert first[1:7] == ["shop", "token", "c", "client_credentials", "401", "-"]
    assert first[-1] == "invalid_client"
    assert second[1:7] == ["shop", "jwks", "-", "-", "200", "-"]
    assert third[1:7] == ["-", "other", "-", "-", "404", "-"]
    assert third[-2:] == ["POST", "/token"]
    assert fourth[-2:] == ["GET", "/"]
    assert (fifth[2], fifth[5], fifth[-2:]) == ("malformed", "400", ["nonsense", "/"])


def test_the_servers_own_paths_have_no_line(logged, http):
    log = logged()
    for path in ("/_control/tenants", "/_control/nothing", "/_console/", "/health"):
        http.get(f"{log.server.base_url}{path}")
    assert log.lines() == []
    assert log.server.journal.exchanges() == ()


def test_a_notice_when_a_request_creates_a_tenant(logged, http):
    log = logged()
    for _ in range(2):
        http.post(f"{log.server.base_url}/acme/token", data=FORM)
    log.server.tenant("explicit")
    notice, *lines = log.lines()
    assert notice.endswith("  created tenant 'acme' on request: lenient, JWT access tokens")
    assert [line.split()[1] for line in lines] == ["acme", "acme"]


def test_quiet_prints_neither(logged, http):
    log = logged(quiet=True)
    http.post(f"{log.server.base_url}/acme/token", data=FORM)
    assert log.lines() == []


def test_json_names_notices_and_faults(logged, http):
    log = logged(style=Style.JSON)
    tenant = log.server.tenant("shop", strict=False)
    tenant.arm(faults.oauth_error("invalid_grant"))
    http.post(tenant.token_url, data=FORM)
    http.post(f"{log.server.base_url}/acme/token", data=FORM)
    first, second, third = (json.loads(line) for line in log.lines())
    assert (first["tenant"], first["fault"], first["error"], first["status"]) == ("shop", "oauth_error", "invalid_grant", 400)
    assert (second["notice"], second["tenant"]) == ("tenant_created", "acme")
    assert (third["tenant"], third["status"]) == ("acme", 200)


def test_the_time_is_real_and_not_that_of_the_tenants_clock(logged, http):
    log = logged(style=Style.JSON)
    tenant = log.server.tenant("shop", strict=False)
    tenant.clock.advance(86_400)
    http.post(tenant.token_url, data=FORM)
    (line,) = log.lines()
    at = datetime.fromisoformat(json.loads(line)["time"])
    assert abs((datetime.now(UTC) - at).total_seconds()) < 3600
