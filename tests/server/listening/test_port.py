"""Ports: their addresses, their records, how they close; and TLS of the server itself."""

import gc
import json
import socket
import ssl
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests

from oauth_gauntlet_server import Certificate, ConnectionOutcome, Limits, ListenerError, MockServer, PortError
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import Handled
from oauth_gauntlet_server.listening.connection_faults import (
    AcceptAndClose,
    DelayAccept,
    Refuse,
    ResetOnAccept,
    Silence,
    TLSCertificate,
    TLSHandshakeStall,
)
from tests.server.listening.waiting import PATIENCE_S

FORM = {"grant_type": "client_credentials"}


@pytest.fixture
def server():
    with MockServer() as running:
        yield running


def ask(server, url):
    with requests.Session() as session:
        session.trust_env = False
        return session.post(url, FORM, auth=("a", "b"), verify=str(server.ca_file), timeout=PATIENCE_S)


def get(url, **more):
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=PATIENCE_S, **more)


def descriptors():
    gc.collect()
    return {(link.name, target) for link in Path("/proc/self/fd").iterdir() if (target := _target(link))}


def _target(link):
    try:
        return link.readlink()
    except FileNotFoundError:
        return None  # the descriptor with which this function reads the folder


# Addresses


def test_a_tenant_of_another_server_has_no_url_at_a_port(server):
    with MockServer() as other:
        tenant = other.tenant()
        with pytest.raises(ValueError, match=rf"^{tenant.token_url} is not a URL of this port's server, {server.base_url}: "):
            server.open_port().url_of(tenant)


def test_a_port_is_another_address_of_the_same_tenants(server):
    tenant = server.tenant(strict=False)
    port = server.open_port()
    assert port.url.startswith("http://127.0.0.1:")
    assert port.url != server.base_url
    assert port.url_of(tenant) == f"{port.url}/{tenant.name}/token"
    assert ask(server, port.url_of(tenant)).json()["access_token"]
    assert tenant.journal.count("token") == 1


def test_the_url_of_every_endpoint(server):
    tenant = server.tenant("t")
    port = server.open_port(tls=True)
    assert port.url.startswith("https://127.0.0.1:")
    paths = {name: port.url_of(tenant, name).removeprefix(port.url) for name in ("introspect", "revoke", "resource", "jwks")}
    assert paths == {"introspect": "/t/introspect", "revoke": "/t/revoke", "resource": "/t/resource", "jwks": "/t/jwks"}
    assert port.url_of(tenant, "metadata") == f"{port.url}/.well-known/oauth-authorization-server/t"
    assert port.url_of(tenant, "issuer") == f"{port.url}/t"
    with pytest.raises(ValueError, match="unknown endpoint 'tokn'; did you mean token"):
        port.url_of(tenant, "tokn")


def test_ports_do_not_influence_each_other(server):
    tenant = server.tenant(strict=False)
    bad, good = server.open_port(ResetOnAccept()), server.open_port(tls=True)
    with pytest.raises(requests.exceptions.ConnectionError):
        ask(server, bad.url_of(tenant))
    assert ask(server, good.url_of(tenant)).ok
    assert ask(server, tenant.token_url).ok
    assert (bad.count, good.count) == (1, 1)
    assert server.ports == (bad, good)


def test_a_port_number_can_be_chosen_if_it_is_free(server):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(ListenerError, match=f"cannot listen on 127.0.0.1 port {number}: .*choose another port"):
            server.open_port(port=number)
    with server.open_port(Refuse(), port=number) as port:
        assert urlsplit(port.url).port == number
    assert server.ports == ()


def test_a_server_that_is_not_running_cannot_open_a_port():
    server = MockServer()
    with pytest.raises(ListenerError, match=r"cannot open a port; call start\(\) first"):
        server.open_port()
    with pytest.raises(ListenerError, match=r"has no ca_file; call start\(\) first"):
        _ = server.ca_file


def test_a_tls_fault_requires_tls(server):
    with pytest.raises(ListenerError, match="the fault tls_handshake_stall needs TLS, but tls is False"):
        server.open_port(TLSHandshakeStall(), tls=False)


# Records


def test_each_connection_has_a_record(server):
    opened_at = time.time()
    tenant = server.tenant(strict=False)
    port = server.open_port(AcceptAndClose(times=1))
    with pytest.raises(requests.exceptions.ConnectionError):
        ask(server, port.url_of(tenant))
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(2):
            session.post(port.url_of(tenant), FORM, auth=("a", "b"), timeout=PATIENCE_S)
        assert port.connections[1].lasted_s is None
    first, second = port.wait_for(2, ended=True, timeout_s=PATIENCE_S)
    assert (first.sequence, first.outcome, first.fault, first.requests) == (1, ConnectionOutcome.CLOSED, "accept_and_close", 0)
    assert (second.sequence, second.outcome, second.fault, second.requests) == (2, ConnectionOutcome.SERVED, None, 2)
    assert opened_at - 1 <= first.accepted_at <= time.time() + 1
    assert second.lasted_s >= 0


def test_wait_for_counts_connections_by_outcome(server, connect):
    port = server.open_port(Silence())
    with pytest.raises(TimeoutError, match=r"0 of 1 connections came within 0\.05 s; seen: none"):
        port.wait_for(1, timeout_s=0.05)
    thread = threading.Timer(0.1, lambda: connect(urlsplit(port.url).port))
    thread.start()
    (record,) = port.wait_for(1, outcome=ConnectionOutcome.SILENT, timeout_s=PATIENCE_S)
    thread.join()
    assert record.lasted_s is None
    with pytest.raises(TimeoutError, match=r"0 of 1 connections of outcome reset came within .*; seen: silent"):
        port.wait_for(1, outcome=ConnectionOutcome.RESET, timeout_s=0.05)
    port.clear()
    assert (port.connections, port.count) == ((), 1)


def test_refused_connections_cannot_be_waited_for(server):
    tenant = server.tenant(strict=False)
    port = server.open_port(Refuse())
    with pytest.raises(PortError, match="refused connections never reach the server"):
        port.wait_for(1)
    port.recover()
    assert ask(server, port.url_of(tenant)).ok
    assert port.wait_for(1, timeout_s=PATIENCE_S)[0].outcome is ConnectionOutcome.SERVED


def test_octets_that_are_not_http_are_recorded(server, connect):
    port = server.open_port()
    client = connect(urlsplit(port.url).port)
    client.send(b"what is this\r\n\r\n")
    assert client.rest().startswith(b"HTTP/1.1 400 ")
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.MALFORMED, b"what is this\r\n\r\n")


def test_a_client_that_closes_without_a_request_is_recorded_as_unused(server, connect):
    port = server.open_port()
    connect(urlsplit(port.url).port).socket.close()
    assert port.wait_for(1, timeout_s=PATIENCE_S)[0].outcome is ConnectionOutcome.UNUSED


def test_the_json_representation(server):
    port = server.open_port(TLSCertificate(certificate=Certificate.EXPIRED))
    with pytest.raises(requests.exceptions.SSLError):
        ask(server, port.url_of(server.tenant()))
    port.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    document = json.loads(json.dumps(port.to_json()))
    assert document["url"] == port.url
    assert document["fault"] == {"fault": "tls_certificate", "certificate": "expired", "times": None}
    (record,) = document["connections"]
    assert (record["outcome"], record["alert"]) == ("handshake_failed", "certificate_expired")
    assert record["received"]["base64"]


# The server's own TLS


def test_a_server_with_tls():
    with MockServer(tls=True) as server:
        tenant = server.tenant(strict=False)
        assert tenant.token_url.startswith("https://127.0.0.1:")
        assert ask(server, tenant.token_url).json()["access_token"]
        assert ask(server, tenant.token_url.replace("127.0.0.1", "localhost")).ok
        metadata = get(tenant.metadata_url, verify=server.ca_file).json()
        assert metadata["token_endpoint"] == tenant.token_url
        with pytest.raises(requests.exceptions.SSLError):
            get(tenant.metadata_url)


def test_its_ports_use_tls_too_by_default():
    with MockServer(tls=True) as server:
        tenant = server.tenant(strict=False)
        like, plain = server.open_port(), server.open_port(tls=False)
        assert like.url.startswith("https://")
        assert plain.url_of(tenant).startswith("http://")
        assert ask(server, like.url_of(tenant)).ok
        assert ask(server, plain.url_of(tenant)).ok


def test_a_server_with_a_wrong_certificate_is_rejected():
    with MockServer(tls=Certificate.WRONG_HOST) as server, pytest.raises(requests.exceptions.SSLError):
        ask(server, server.tenant().token_url)


def test_the_application_sees_the_scheme(listening):
    from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup
    from oauth_gauntlet_server.listening.tls_context import server_context

    schemes = []

    def handle(request, connection):
        schemes.append(connection.scheme)
        return Handled(answer=Answer(status=204))

    plain, secure = listening(handle), listening(handle, setup=ConnectionSetup(context=server_context()))
    for url in (f"http://127.0.0.1:{plain.port}", f"https://127.0.0.1:{secure.port}"):
        with MockServer() as any_server:
            assert get(url, verify=any_server.ca_file).status_code == 204
    assert schemes == ["http", "https"]


def test_the_ca_file_is_deleted_when_the_server_stops():
    with MockServer() as server:
        path = server.ca_file
        assert path is server.ca_file
        assert ssl.create_default_context(cafile=path).get_ca_certs()
    assert not path.exists()


# No connection blocks another, and nothing remains after the stop


def test_a_failed_handshake_ends_that_connection_only(connect):
    with MockServer(tls=True) as server:
        tenant = server.tenant(strict=False)
        number = urlsplit(server.base_url).port
        nonsense, gone = connect(number), connect(number)
        nonsense.send(b"GET / HTTP/1.1\r\n\r\n")
        gone.socket.close()
        assert ends(nonsense)
        assert ask(server, tenant.token_url).ok


def ends(client):
    try:
        return client.rest() is not None
    except ConnectionResetError:
        return True


def test_200_silent_connections_block_no_other(connect):
    """On the port where they are silent, and on the server's own."""
    with MockServer(tls=True) as server:
        tenant = server.tenant(strict=False)
        silent, stalled = server.open_port(Silence(times=200), tls=False), server.open_port(TLSHandshakeStall(times=200))
        own = urlsplit(server.base_url).port
        for port in (silent, stalled):
            for _ in range(200):
                connect(urlsplit(port.url).port)
        for _ in range(200):
            connect(own)  # waits in its handshake
        silent.wait_for(200, outcome=ConnectionOutcome.SILENT, timeout_s=2 * PATIENCE_S)
        stalled.wait_for(200, outcome=ConnectionOutcome.SILENT, timeout_s=2 * PATIENCE_S)
        for url in (silent.url_of(tenant), stalled.url_of(tenant), tenant.token_url):
            assert ask(server, url).ok
        for port in (silent, stalled):
            still_silent = [record for record in port.connections if record.lasted_s is None and record.fault]
            assert len(still_silent) == 200


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_stopping_leaves_no_descriptor_and_no_thread(tls):
    ask_once = MockServer(tls=tls)
    with ask_once:
        ask(ask_once, ask_once.tenant(strict=False).token_url)  # loads now what is loaded on first use
    threads, files = set(threading.enumerate()), descriptors()
    clients = []
    server = MockServer(tls=tls, limits=Limits(connections=4, stop_s=PATIENCE_S))
    server.start()
    tenant = server.tenant(strict=False)
    faults = (None, Silence(), TLSHandshakeStall(), DelayAccept(seconds=3600), Refuse(), Refuse(seconds=3600), ResetOnAccept())
    for fault in faults:
        port = server.open_port(fault)
        if not isinstance(fault, Refuse):
            clients += [socket.create_connection(("127.0.0.1", urlsplit(port.url).port)) for _ in range(3)]
    clients += [socket.create_connection(("127.0.0.1", urlsplit(server.base_url).port)) for _ in range(3)]
    assert ask(server, tenant.token_url).ok
    server.stop()
    assert server.ports == ()
    assert set(threading.enumerate()) == threads
    for client in clients:
        client.close()
    assert descriptors() == files
    server.stop()  # a second call is no error


def test_a_port_closes_its_connections_and_may_be_closed_twice(server, connect):
    port = server.open_port(Silence())
    client = connect(urlsplit(port.url).port)
    port.wait_for(1, timeout_s=PATIENCE_S)
    port.close()
    assert client.rest() == b""
    assert server.ports == ()
    with pytest.raises(ConnectionRefusedError):
        connect(urlsplit(port.url).port)
    port.close()
    port.recover()  # has no effect


def test_the_server_stops_during_handshakes():
    """The thread of a connection ends both before and after the TLS socket replaces the plain one."""
    for _ in range(10):
        server = MockServer(tls=True, limits=Limits(stop_s=PATIENCE_S))
        server.start()
        before = threading.active_count()
        address = ("127.0.0.1", urlsplit(server.base_url).port)
        clients = [socket.create_connection(address) for _ in range(8)]
        server.stop()
        assert threading.active_count() < before
        for client in clients:
            client.close()


def test_a_port_at_another_address_serves_only_connections_from_there(server):
    tenant = server.tenant(strict=False)
    with server.open_port(tls=False, host="127.0.0.2") as port:
        assert port.url.startswith("http://127.0.0.2:")
        path = urlsplit(port.url_of(tenant)).path
        request = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
        answers = []
        for source in ("127.0.0.2", "127.0.0.1"):
            with socket.create_connection(("127.0.0.2", port.number), PATIENCE_S, (source, 0)) as connection:
                connection.sendall(request)
                try:
                    answers.append(connection.recv(8))
                except ConnectionResetError:
                    answers.append(b"")
        assert answers == [b"HTTP/1.1", b""]
        assert tenant.journal.count() == 1
