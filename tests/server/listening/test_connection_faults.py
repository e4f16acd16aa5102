"""Each connection fault, as a raw socket or the bare ssl module sees it, and its JSON form."""

import contextlib
import dataclasses
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_server import Certificate, ConnectionOutcome, MockServer
from oauth_gauntlet_server.faults import FaultError
from oauth_gauntlet_server.listening.connection_faults import (
    AcceptAndClose,
    DelayAccept,
    Garbage,
    PlainOnTLS,
    Refuse,
    ResetBeforeRead,
    ResetOnAccept,
    Silence,
    TLSCertificate,
    TLSHandshakeStall,
    TLSResetInHandshake,
    TLSVersion,
    all_connection_faults,
    connection_fault_from_json,
)

REQUEST = b"GET /t/jwks HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


@pytest.fixture
def server():
    with MockServer() as running:
        running.tenant("t", strict=False)
        yield running


@pytest.fixture
def call(connect):
    """Return a function that connects to a port."""
    return lambda port: connect(urlsplit(port.url).port)


def client_hello():
    """Return the octets of a real ClientHello."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


def trusting(server):
    return ssl.create_default_context(cafile=server.ca_file)


def secured(server, client, context=None):
    return (context or trusting(server)).wrap_socket(client.socket, server_hostname="127.0.0.1")


def read_all(connection):
    octets = b""
    while more := connection.recv(65536):
        octets += more
    return octets


def served(octets):
    return octets.startswith(b"HTTP/1.1 200 OK\r\n") and b'"keys"' in octets


# Without TLS


def test_refuse_is_a_refusal_by_the_system(server, call):
    port = server.open_port(Refuse())
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            call(port)
    assert port.count == 0


def test_nobody_else_can_take_a_port_that_refuses(server):
    port = server.open_port(Refuse())
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", urlsplit(port.url).port))


def test_refuse_for_a_time(server, call):
    port = server.open_port(Refuse(seconds=0.3))
    with pytest.raises(ConnectionRefusedError):
        call(port)
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            client = call(port)
        except ConnectionRefusedError:
            time.sleep(0.02)
            continue
        client.send(REQUEST)
        assert served(client.rest())
        return
    pytest.fail("it never listened")


def test_accept_and_close_is_an_orderly_end(server, call):
    port = server.open_port(AcceptAndClose())
    silent, speaking = call(port), call(port)
    assert silent.rest() == b""
    speaking.send(REQUEST)
    assert speaking.rest() == b""  # a reset would raise
    assert [record.outcome for record in port.connections] == [ConnectionOutcome.CLOSED, ConnectionOutcome.CLOSED]


def test_reset_on_accept(server, call):
    port = server.open_port(ResetOnAccept())
    with pytest.raises(ConnectionResetError):
        call(port).rest()
    (record,) = port.connections
    assert (record.outcome, record.fault, record.received) == (ConnectionOutcome.RESET, "reset_on_accept", b"")


def test_reset_before_read_waits_for_the_first_octets(server, call):
    port = server.open_port(ResetBeforeRead())
    client = call(port)
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.rest()
    client.send(REQUEST)
    client.socket.settimeout(10)
    with pytest.raises(ConnectionResetError):
        client.rest()
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.RESET, REQUEST)


def test_silence(server, call):
    port = server.open_port(Silence())
    client = call(port)
    client.send(REQUEST)
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.rest()
    assert port.connections[0].outcome is ConnectionOutcome.SILENT
    assert port.connections[0].lasted_s is None
    client.socket.close()
    (record,) = port.wait_for(1, ended=True)
    assert record.received == REQUEST
    assert record.lasted_s >= 0.15  # the port began to count a little later


def test_silence_of_so_many_seconds_ends_in_an_orderly_way(server, call):
    port = server.open_port(Silence(seconds=0.1))
    client = call(port)
    began = time.monotonic()
    client.send(REQUEST)
    assert client.rest() == b""
    assert time.monotonic() - began >= 0.1


def test_delay_accept_then_behaves(server, call):
    port = server.open_port(DelayAccept(seconds=0.3))
    began = time.monotonic()
    client = call(port)
    client.send(REQUEST)
    assert served(client.rest())
    assert time.monotonic() - began >= 0.3
    (record,) = port.connections
    assert (record.outcome, record.fault, record.requests) == (ConnectionOutcome.SERVED, "delay_accept", 1)


def test_garbage_answers_the_request(server, call):
    port = server.open_port(Garbage(octets=b"-ERR unknown command\r\n\x00\xff"))
    client = call(port)
    client.send(REQUEST)
    assert client.rest() == b"-ERR unknown command\r\n\x00\xff"
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.ANSWERED_WITHOUT_HTTP, REQUEST)


# With https URLs, a fault of the connection is before the handshake or after it


def test_what_happens_on_accept_happens_before_the_handshake(server, call):
    closing, resetting = server.open_port(AcceptAndClose(), tls=True), server.open_port(ResetOnAccept(), tls=True)
    with pytest.raises(ssl.SSLEOFError):
        secured(server, call(closing))
    with pytest.raises(ConnectionResetError):
        call(resetting).rest()


def test_what_happens_to_the_request_happens_after_the_handshake(server, call):
    resetting, silent = server.open_port(ResetBeforeRead(), tls=True), server.open_port(Silence(), tls=True)
    with secured(server, call(resetting)) as client:
        client.sendall(REQUEST)
        with pytest.raises(ConnectionResetError):
            socket.socket.recv(client, 1)  # below TLS, which makes an end of file of it
    with secured(server, call(silent)) as client:
        client.sendall(REQUEST)
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            read_all(client)
    (record,) = silent.wait_for(1, ended=True)
    assert record.received.endswith(REQUEST)  # in clear, since it was read


def test_garbage_within_tls(server, call):
    port = server.open_port(Garbage(octets=b"\x00\x01"), tls=True)
    with secured(server, call(port)) as client:
        client.sendall(REQUEST)
        assert read_all(client) == b"\x00\x01"


def test_an_orderly_end_of_tls_has_a_close_notify(server, call):
    """RFC 8446 §6.1; without it, `suppress_ragged_eofs=False` makes Python raise."""
    for port in (server.open_port(tls=True), server.open_port(Garbage(octets=b'HTTP/1.1 200 OK\r\n"keys"'), tls=True)):
        context = trusting(server)
        with context.wrap_socket(call(port).socket, server_hostname="localhost", suppress_ragged_eofs=False) as client:
            client.sendall(REQUEST)
            assert served(read_all(client))


# TLS itself


def test_plain_on_tls_answers_a_client_hello_with_plain_http(server, call):
    port = server.open_port(PlainOnTLS())
    assert port.url.startswith("https://")
    hello = client_hello()
    client = call(port)
    client.send(hello)
    assert client.rest().startswith(b"HTTP/1.1 400 Bad Request\r\n")
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.MALFORMED, hello)
    with pytest.raises(ssl.SSLError, match="WRONG_VERSION_NUMBER"):
        secured(server, call(port))


def test_plain_on_tls_serves_who_falls_back_to_plain_http(server, call):
    """So that a secret in clear text is seen in the journal."""
    port = server.open_port(PlainOnTLS())
    client = call(port)
    client.send(REQUEST)
    assert served(client.rest())
    assert server.tenants.find("t").journal.count("jwks") == 1
    assert port.connections[0].outcome is ConnectionOutcome.SERVED


def test_tls_handshake_stall_reads_the_client_hello_and_says_nothing(server, call):
    port = server.open_port(TLSHandshakeStall())
    hello = client_hello()
    client = call(port)
    client.send(hello)
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.rest()
    client.socket.close()
    (record,) = port.wait_for(1, ended=True)
    assert (record.outcome, record.received) == (ConnectionOutcome.SILENT, hello)


def test_tls_reset_in_handshake_waits_for_the_client_hello(server, call):
    port = server.open_port(TLSResetInHandshake())
    hello = client_hello()
    client = call(port)
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.rest()
    client.socket.settimeout(10)
    client.send(hello)
    with pytest.raises(ConnectionResetError):
        client.rest()
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.RESET, hello)


@pytest.mark.parametrize(
    ("kind", "alert"),
    [
        (Certificate.UNTRUSTED_AUTHORITY, "unknown_ca"),
        (Certificate.EXPIRED, "certificate_expired"),
        (Certificate.NOT_YET_VALID, "bad_certificate"),
        (Certificate.WRONG_HOST, "bad_certificate"),
        (Certificate.SELF_SIGNED, "unknown_ca"),
        (Certificate.INCOMPLETE_CHAIN, "unknown_ca"),
    ],
)
def test_tls_certificate_shows_it_and_records_the_clients_alert(server, call, kind, alert):
    port = server.open_port(TLSCertificate(certificate=kind))
    with pytest.raises(ssl.SSLCertVerificationError):
        secured(server, call(port))
    (record,) = port.wait_for(1, ended=True)
    assert (record.outcome, record.alert) == (ConnectionOutcome.HANDSHAKE_FAILED, alert)
    assert record.received[:3] == b"\x16\x03\x01"  # the ClientHello


def test_a_client_that_does_not_look_is_served_and_seen(server, call):
    port = server.open_port(TLSCertificate(certificate=Certificate.EXPIRED))
    careless = trusting(server)
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    with secured(server, call(port), careless) as client:
        client.sendall(REQUEST)
        assert served(read_all(client))
    assert port.connections[0].outcome is ConnectionOutcome.SERVED


@pytest.mark.parametrize(("version", "name"), [("1.0", "TLSv1"), ("1.1", "TLSv1.1")])
def test_tls_version_serves_old_clients_only(server, call, version, name):
    port = server.open_port(TLSVersion(version=version))
    with pytest.raises(ssl.SSLError, match=r"PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL"):
        secured(server, call(port))
    (record,) = port.wait_for(1, ended=True)
    assert record.outcome is ConnectionOutcome.HANDSHAKE_FAILED
    old = trusting(server)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with secured(server, call(port), old) as client:
        assert client.version() == name
        client.sendall(REQUEST)
        assert served(read_all(client))


# The first n connections, then it behaves

REPEATED = [
    AcceptAndClose(times=2),
    ResetOnAccept(times=2),
    ResetBeforeRead(times=2),
    Silence(times=2, seconds=0.05),
    Garbage(times=2),
    PlainOnTLS(times=2),
    TLSHandshakeStall(times=2, seconds=0.05),
    TLSResetInHandshake(times=2),
    TLSCertificate(times=2, certificate=Certificate.SELF_SIGNED),
    TLSVersion(times=2),
]


def meet(server, client, *, https):
    connection = secured(server, client) if https else client.socket
    with connection:
        connection.sendall(REQUEST)
        return read_all(connection)


@pytest.mark.parametrize("fault", REPEATED, ids=lambda fault: fault.name)
def test_it_fails_twice_and_recovers(server, call, fault):
    port = server.open_port(fault)
    for _ in range(2):
        try:
            answered = meet(server, call(port), https=fault.needs_tls)
        except OSError:
            continue
        assert not served(answered)
    for _ in range(2):
        assert served(meet(server, call(port), https=fault.needs_tls))
    records = port.connections
    assert [record.fault for record in records] == [fault.name, fault.name, None, None]
    assert [record.outcome is ConnectionOutcome.SERVED for record in records] == [False, False, True, True]


@pytest.mark.parametrize(
    "fault", [Refuse(), *(dataclasses.replace(each, times=None) for each in REPEATED)], ids=lambda f: f.name
)
def test_it_recovers_when_told_to(server, call, fault):
    port = server.open_port(fault)
    with contextlib.suppress(OSError):
        assert not served(meet(server, call(port), https=fault.needs_tls))
    port.recover()
    assert served(meet(server, call(port), https=fault.needs_tls))


def test_a_delay_of_the_first_connection_only(server, call):
    port = server.open_port(DelayAccept(seconds=86_400, times=1))
    waiting = call(port)
    deadline = time.monotonic() + 10
    while port.count < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert served(meet(server, call(port), https=False))
    assert waiting.socket.fileno() > 0


# Values


def test_all_are_registered_and_say_what_they_are():
    known = all_connection_faults()
    assert set(known) == {
        "refuse",
        "accept_and_close",
        "reset_on_accept",
        "reset_before_read",
        "silent_accept",
        "delay_accept",
        "garbage_on_accept",
        "plain_on_tls",
        "tls_handshake_stall",
        "tls_reset_in_handshake",
        "tls_certificate",
        "tls_version",
    }
    for name, fault_class in known.items():
        assert "Seen: " in fault_class.__doc__, name
        assert fault_class.name == name


@pytest.mark.parametrize(
    "fault", [Refuse(seconds=2.5), DelayAccept(), Garbage(octets=b"\xff"), *REPEATED], ids=lambda fault: fault.name
)
def test_json_there_and_back(fault):
    document = json.loads(json.dumps(fault.to_json()))
    assert document["fault"] == fault.name
    assert connection_fault_from_json(document) == fault


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "unknown connection fault None"),
        ({"fault": "reset-on-acept"}, "unknown connection fault 'reset-on-acept'; did you mean reset_on_accept"),
        ({"fault": "silent_accept", "second": 1}, "fault silent_accept: unknown parameter 'second'; did you mean seconds"),
        ({"fault": "silent_accept", "seconds": "1"}, "fault silent_accept: seconds: expected a number or null, got '1'"),
        ({"fault": "silent_accept", "seconds": -1}, "fault silent_accept: seconds must be between 0 and 86400, got -1"),
        ({"fault": "silent_accept", "times": 0}, "fault silent_accept: times must be at least 1, got 0"),
        ({"fault": "refuse", "times": 2}, "fault refuse: refused connections cannot be counted; use seconds"),
        ({"fault": "tls_certificate"}, "fault tls_certificate: the parameter 'certificate' is missing"),
        (
            {"fault": "tls_certificate", "certificate": "expird"},
            'fault tls_certificate: certificate: expected one of "trusted"',
        ),
        ({"fault": "tls_certificate", "certificate": 1}, 'fault tls_certificate: certificate: expected one of "trusted"'),
        ({"fault": "tls_version", "version": "1.2"}, "fault tls_version: version: unknown value '1.2'"),
        ({"fault": "tls_version", "name": "x"}, "fault tls_version: unknown parameter 'name'"),
    ],
)
def test_bad_json_is_one_clear_sentence(document, words):
    with pytest.raises(FaultError) as caught:
        connection_fault_from_json(document)
    assert words in str(caught.value)
