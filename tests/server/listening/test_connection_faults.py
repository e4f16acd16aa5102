"""Each connection fault, observed with a raw socket or the ssl module, and its JSON representation."""

import contextlib
import dataclasses
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_server import Certificate, ConnectionOutcome, MockServer, PortError
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
from tests.server.listening.waiting import PATIENCE_S, eventually

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


def test_refuse_makes_the_system_refuse_connections(server, call):
    port = server.open_port(Refuse())
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            call(port)
    assert port.count == 0


def test_no_other_socket_can_bind_a_port_that_refuses(server):
    port = server.open_port(Refuse())
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", urlsplit(port.url).port))


def test_refuse_ends_after_its_seconds_and_not_before(server, call):
    started = time.monotonic()
    port = server.open_port(Refuse(seconds=0.3))

    def connected():
        try:
            return call(port)
        except ConnectionRefusedError:
            return None

    client = eventually(connected)
    assert time.monotonic() - started >= 0.3
    client.send(REQUEST)
    assert served(client.rest())


def test_accept_and_close_is_a_normal_end(server, call):
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
    client.socket.settimeout(PATIENCE_S)
    with pytest.raises(ConnectionResetError):
        client.rest()
    (record,) = port.connections
    assert (record.outcome, record.received) == (ConnectionOutcome.RESET, REQUEST)


def test_silence_lasts_until_the_client_closes(server, call):
    port = server.open_port(Silence())
    client = call(port)
    client.send(REQUEST)
    (record,) = port.wait_for(1, outcome=ConnectionOutcome.SILENT, timeout_s=PATIENCE_S)
    assert record.lasted_s is None
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.rest()
    client.socket.close()
    (record,) = port.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert record.received == REQUEST
    assert record.lasted_s >= 0.2


def test_silence_with_seconds_ends_normally_after_them(server, call):
    port = server.open_port(Silence(seconds=0.1))
    began = time.monotonic()
    client = call(port)
    client.send(REQUEST)
    assert client.rest() == b""
    assert time.monotonic() - began >= 0.1


def test_delay_accept_serves_the_connection_after_the_delay(server, call):
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


# With https URLs: before the handshake or after it


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
            socket.socket.recv(client, 1)  # below TLS; the ssl module reports a reset as end of file
    with secured(server, call(silent)) as client:
        client.sendall(REQUEST)
        client.settimeout(0.2)
        with pytest.raises(TimeoutError):
            read_all(client)
    (record,) = silent.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert record.received.endswith(REQUEST)  # decrypted, because the server read it


def test_garbage_within_tls(server, call):
    port = server.open_port(Garbage(octets=b"\x00\x01"), tls=True)
    with secured(server, call(port)) as client:
        client.sendall(REQUEST)
        assert read_all(client) == b"\x00\x01"


def test_a_normal_end_of_tls_sends_close_notify(server, call):
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


def test_plain_on_tls_serves_a_client_that_falls_back_to_plain_http(server, call):
    """So the journal contains a secret that was sent in clear text."""
    port = server.open_port(PlainOnTLS())
    client = call(port)
    client.send(REQUEST)
    assert served(client.rest())
    assert server.tenants.find("t").journal.count("jwks") == 1
    assert port.connections[0].outcome is ConnectionOutcome.SERVED


def test_tls_handshake_stall_reads_the_client_hello_and_sends_nothing(server, call):
    port = server.open_port(TLSHandshakeStall())
    hello = client_hello()
    client = call(port)
    client.send(hello)
    client.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.rest()
    client.socket.close()
    (record,) = port.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert (record.outcome, record.received) == (ConnectionOutcome.SILENT, hello)


def test_tls_reset_in_handshake_waits_for_the_client_hello(server, call):
    port = server.open_port(TLSResetInHandshake())
    hello = client_hello()
    client = call(port)
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.rest()
    client.socket.settimeout(PATIENCE_S)
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
def test_tls_certificate_is_rejected_and_the_clients_alert_is_recorded(server, call, kind, alert):
    port = server.open_port(TLSCertificate(certificate=kind))
    with pytest.raises(ssl.SSLCertVerificationError):
        secured(server, call(port))
    (record,) = port.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert (record.outcome, record.alert) == (ConnectionOutcome.HANDSHAKE_FAILED, alert)
    assert record.received[:3] == b"\x16\x03\x01"  # the ClientHello


def test_a_client_that_does_not_verify_is_served_and_recorded(server, call):
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
    (record,) = port.wait_for(1, ended=True, timeout_s=PATIENCE_S)
    assert record.outcome is ConnectionOutcome.HANDSHAKE_FAILED
    old = trusting(server)
    old.set_ciphers("DEFAULT:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1 is deprecated"):
        old.minimum_version = ssl.TLSVersion.TLSv1
    with secured(server, call(port), old) as client:
        assert client.version() == name
        client.sendall(REQUEST)
        assert served(read_all(client))


# The first n connections only

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


def exchange(server, client, *, https):
    connection = secured(server, client) if https else client.socket
    with connection:
        connection.sendall(REQUEST)
        return read_all(connection)


@pytest.mark.parametrize("fault", REPEATED, ids=lambda fault: fault.name)
def test_a_fault_with_times_2_fails_twice_and_recovers(server, call, fault):
    port = server.open_port(fault)
    for _ in range(2):
        try:
            answered = exchange(server, call(port), https=fault.needs_tls)
        except OSError:
            continue
        assert not served(answered)
    for _ in range(2):
        assert served(exchange(server, call(port), https=fault.needs_tls))
    records = port.connections
    assert [record.fault for record in records] == [fault.name, fault.name, None, None]
    assert [record.outcome is ConnectionOutcome.SERVED for record in records] == [False, False, True, True]


@pytest.mark.parametrize(
    "fault", [Refuse(), *(dataclasses.replace(each, times=None) for each in REPEATED)], ids=lambda f: f.name
)
def test_recover_ends_every_fault(server, call, fault):
    port = server.open_port(fault)
    with contextlib.suppress(OSError):
        assert not served(exchange(server, call(port), https=fault.needs_tls))
    port.recover()
    assert served(exchange(server, call(port), https=fault.needs_tls))


@pytest.mark.parametrize("fault", [dataclasses.replace(each, times=None) for each in REPEATED], ids=lambda f: f.name)
def test_a_port_that_recovered_can_fail_again(server, call, fault):
    port = server.open_port(fault)
    port.recover()
    assert served(exchange(server, call(port), https=fault.needs_tls))
    port.fail_again()
    with contextlib.suppress(OSError):
        assert not served(exchange(server, call(port), https=fault.needs_tls))
    assert [record.fault for record in port.connections] == [None, fault.name]


def test_a_port_that_listens_cannot_refuse_again(server):
    port = server.open_port(Refuse())
    port.recover()
    with pytest.raises(PortError, match="cannot refuse connections again"):
        port.fail_again()


def test_a_delay_of_the_first_connection_only(server, call):
    port = server.open_port(DelayAccept(seconds=86_400, times=1))
    waiting = call(port)
    eventually(lambda: port.connections and port.connections[0].fault)
    assert served(exchange(server, call(port), https=False))
    first, second = port.connections
    assert (first.fault, first.outcome, first.lasted_s) == ("delay_accept", ConnectionOutcome.OPEN, None)
    assert (second.fault, second.outcome) == (None, ConnectionOutcome.SERVED)
    waiting.socket.close()


# Values


def test_every_fault_is_registered_and_its_docstring_names_a_real_cause():
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
def test_json_round_trip(fault):
    document = json.loads(json.dumps(fault.to_json()))
    assert document["fault"] == fault.name
    assert connection_fault_from_json(document) == fault


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({}, "unknown connection fault None"),
        ({"fault": "reset-on-acept"}, "unknown connection fault 'reset-on-acept'; did you mean reset_on_accept"),
        (
            {"fault": "silent_accept", "second": 1},
            "fault silent_accept: second: unknown member 'second': expected one of times, seconds; did you mean seconds?",
        ),
        (
            {"fault": "silent_accept", "seconds": "1"},
            "fault silent_accept: seconds: got '1': expected a number between 0 and 86400 or null",
        ),
        (
            {"fault": "silent_accept", "seconds": -1},
            "fault silent_accept: seconds: got -1: expected a number between 0 and 86400",
        ),
        ({"fault": "silent_accept", "times": 0}, "fault silent_accept: times: got 0: expected a whole number of at least 1"),
        ({"fault": "refuse", "times": 2}, "fault refuse: times: got 2: expected null"),
        ({"fault": "tls_certificate"}, "fault tls_certificate: the member 'certificate' is missing: expected one of trusted"),
        (
            {"fault": "tls_certificate", "certificate": "expird"},
            "fault tls_certificate: certificate: got 'expird': expected one of trusted, untrusted_authority, expired, ",
        ),
        ({"fault": "tls_certificate", "certificate": 1}, "certificate: got 1: expected one of trusted, "),
        ({"fault": "tls_version", "version": "1.2"}, "fault tls_version: version: got '1.2': expected one of 1.0, 1.1"),
        ({"fault": "tls_version", "name": "x"}, "fault tls_version: name: unknown member 'name'"),
    ],
)
def test_a_wrong_json_document_is_rejected_with_a_clear_message(document, words):
    with pytest.raises(FaultError) as caught:
        connection_fault_from_json(document)
    assert words in str(caught.value)
