import errno
import http.client
import json
import os
import socket
import tempfile
import threading
import time
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_server import Limits, ListenerError, MockServer, Tenants, faults
from tests.server.listening.waiting import eventually


def post(tenant, form="grant_type=client_credentials&client_id=c&client_secret=s", url=None):
    parts = urlsplit(url or tenant.token_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request("POST", parts.path, form, {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_a_token_over_a_socket():
    with MockServer() as server:
        tenant = server.tenant(strict=False)
        status, document = post(tenant)
        assert tenant.token_url == f"{server.base_url}/{tenant.name}/token"
        (exchange,) = tenant.journal.exchanges()
    assert (status, document["token_type"]) == (200, "Bearer")
    assert exchange.request.raw.startswith(f"POST /{tenant.name}/token HTTP/1.1\r\n".encode())
    assert exchange.response.json() == document


def test_tenants_are_isolated():
    with MockServer() as server:
        one, other = server.tenant(strict=False), server.tenant(strict=False)
        one.arm(faults.oauth_error("invalid_grant"))
        assert post(one)[0] == 400
        assert post(other)[0] == 200
        assert (one.journal.count(), other.journal.count()) == (1, 1)


def test_a_preset_has_a_url():
    with MockServer() as server:
        tenant = server.tenant("mine", strict=False)
        assert post(tenant, url=f"{tenant.issuer}/faults/error-with-200/token") == (
            200,
            {"error": "invalid_grant"},
        )
        assert post(tenant)[0] == 200


def test_a_tenant_with_name_and_settings():
    with MockServer() as server:
        assert server.tenant("mine", access_token_lifetime_s=7).settings.access_token_lifetime_s == 7
        assert server.tenants.find("mine").issuer == f"{server.base_url}/mine"


def test_a_silent_server_has_not_finished():
    with MockServer() as server:
        tenant = server.tenant()
        tenant.arm(faults.fault("silence", seconds=600.0))
        address = urlsplit(tenant.token_url)
        connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        connection.request("POST", address.path, body="grant_type=client_credentials")
        tenant.journal.wait_for(1, timeout_s=60)
        assert tenant.journal.unfinished == 1
        connection.close()
        eventually(lambda: tenant.journal.unfinished == 0)


def test_the_tenants_can_be_passed_in():
    tenants = Tenants(auto_create=True)
    with MockServer(tenants=tenants) as server:
        assert post(None, url=f"{server.base_url}/new/token")[0] == 200
    assert tenants.names() == ("new",)


def test_stop_closes_sockets_and_ends_threads():
    before = set(threading.enumerate())
    server = MockServer(limits=Limits(connections=2, stop_s=60))
    server.start()
    tenant = server.tenant(strict=False)
    post(tenant)
    server.stop()
    server.stop()  # once more is no error
    assert set(threading.enumerate()) - before == set()
    with pytest.raises(ConnectionRefusedError):
        post(tenant)


def test_it_can_be_started_again_after_stop():
    server = MockServer()
    for _ in range(2):
        with server:
            assert post(server.tenant(strict=False))[0] == 200


def test_start_twice_and_tenant_before_start_raise():
    server = MockServer()
    with pytest.raises(ListenerError, match=r"call start\(\) first"):
        server.tenant()
    with server, pytest.raises(ListenerError, match=r"already; call stop\(\) first"):
        server.start()


def test_a_client_that_comes_before_the_start_finds_what_was_created():
    server = MockServer(tenants=Tenants(auto_create=True))
    server.bind()
    try:
        address = urlsplit(server.base_url)
        with socket.create_connection((address.hostname, address.port)) as early:
            early.sendall(b"GET /late/.well-known/oauth-authorization-server HTTP/1.0\r\nHost: x\r\n\r\n")
            tenant = server.tenant("late")
            server.start()
            assert early.makefile("rb").readline().startswith(b"HTTP/1.1 200")
        assert server.tenants.find("late") is tenant
        with pytest.raises(ListenerError, match=r"already; call stop\(\) first"):
            server.bind()
    finally:
        server.stop()


def test_a_taken_port_is_one_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ListenerError, match=f"cannot listen on 127.0.0.1 port {port}: .*choose another port"):
            MockServer(port=port).start()


@pytest.mark.parametrize(
    ("host", "authority"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "[::1]"), ("::", "[::1]")]
)
def test_the_base_url_is_reachable(host, authority):
    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with MockServer(host=host) as server:
        assert server.base_url.startswith(f"http://{authority}:")
        assert post(server.tenant(strict=False))[0] == 200


def _has_ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


def test_on_a_full_disk_no_part_of_the_ca_file_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    real, left = os.fdopen, [1]

    def full(descriptor, *arguments):
        file = real(descriptor, *arguments)
        if left:
            left.pop()
            file.close()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return file

    monkeypatch.setattr(os, "fdopen", full)
    with MockServer() as server:
        with pytest.raises(OSError, match="No space left"):
            _ = server.ca_file
        assert not list(tmp_path.iterdir())
        assert server.ca_file.read_text().startswith("-----BEGIN CERTIFICATE-----")


def test_rejected_connections_are_reported(monkeypatch):
    with MockServer() as server:
        assert server.rejected is None
        opened = server.open_port()
        real, left = socket.socket.accept, [1]

        def accept(self):
            if left and self.getsockname()[1] == opened.number:
                left.pop()
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            return real(self)

        monkeypatch.setattr(socket.socket, "accept", accept)
        tenant = server.tenant(strict=False)
        for _ in range(2):  # the first is accepted by the call that waits already
            assert post(tenant, url=opened.url_of(tenant))[0] == 200
        assert server.rejected.reason == os.strerror(errno.EMFILE)
        assert server.rejected.at <= time.monotonic()
