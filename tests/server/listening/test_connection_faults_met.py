"""One table: what curl, Python (requests) and Node (fetch) say when they meet each connection fault.

curl and node have to be on the PATH; a machine without them cannot say that a fault is met, so nothing is skipped.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from oauth_gauntlet_server import Certificate, ConnectionOutcome, MockServer
from oauth_gauntlet_server.listening.certificates import trust_variables
from oauth_gauntlet_server.listening.connection_faults import (
    AcceptAndClose,
    ConnectionFault,
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
)

PATIENCE_S = 10.0
"""How long a client waits for an answer that comes."""

SHORT_PATIENCE_S = 0.5
"""How long it waits for one that does not."""


@dataclass(frozen=True, kw_only=True)
class Met:
    """What each client says: curl's exit codes, requests' exception and a word of its text, codes of Node's error."""

    fault: ConnectionFault
    curl: set[int]
    requests: type[Exception]
    words: str
    node: set[str]
    seen: set[ConnectionOutcome]

    @property
    def patience_s(self) -> float:
        return SHORT_PATIENCE_S if "TimeoutError" in self.node else PATIENCE_S


def certificate(kind, words, node):
    return Met(
        fault=TLSCertificate(certificate=kind),
        curl={60},  # CURLE_PEER_FAILED_VERIFICATION
        requests=requests.exceptions.SSLError,
        words=words,
        node={node},
        # Node looks at the certificate when the handshake is over, and goes away without a request.
        seen={ConnectionOutcome.HANDSHAKE_FAILED, ConnectionOutcome.UNUSED},
    )


# The system tells a reset once, to the first call that asks. urllib3 ignores what sending says, and finds an end.
RESET_WORDS = "reset by peer|Broken pipe|Remote end closed connection"

TABLE = [
    Met(
        fault=Refuse(),
        curl={7},  # CURLE_COULDNT_CONNECT
        requests=requests.exceptions.ConnectionError,
        words="Connection refused",
        node={"ECONNREFUSED"},
        seen=set(),
    ),
    Met(
        fault=AcceptAndClose(),
        curl={52},  # CURLE_GOT_NOTHING
        requests=requests.exceptions.ConnectionError,
        words="Remote end closed connection without response",
        # Where the connection is closed before its request was written, undici opens another, again and again.
        node={"UND_ERR_SOCKET", "TimeoutError"},
        seen={ConnectionOutcome.CLOSED},
    ),
    Met(
        fault=ResetOnAccept(),
        curl={7, 52, 55, 56},  # in connecting, sending or receiving, or after the error went to another call
        requests=requests.exceptions.ConnectionError,
        words=RESET_WORDS,
        node={"ECONNRESET", "EPIPE", "UND_ERR_SOCKET"},
        seen={ConnectionOutcome.RESET},
    ),
    Met(
        fault=ResetBeforeRead(),
        curl={55, 56},  # CURLE_SEND_ERROR, CURLE_RECV_ERROR
        requests=requests.exceptions.ConnectionError,
        words=RESET_WORDS,
        node={"ECONNRESET", "EPIPE", "UND_ERR_SOCKET"},
        seen={ConnectionOutcome.RESET},
    ),
    Met(
        fault=Silence(),
        curl={28},  # CURLE_OPERATION_TIMEDOUT
        requests=requests.exceptions.ReadTimeout,
        words="Read timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.SILENT},
    ),
    Met(
        fault=DelayAccept(seconds=60),
        curl={28},
        requests=requests.exceptions.ReadTimeout,
        words="Read timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.OPEN},
    ),
    Met(
        fault=Garbage(),
        curl={1},  # CURLE_UNSUPPORTED_PROTOCOL: "Received HTTP/0.9 when not allowed"
        requests=requests.exceptions.ConnectionError,
        words="BadStatusLine",
        node={"HPE_INVALID_CONSTANT"},
        seen={ConnectionOutcome.ANSWERED_WITHOUT_HTTP},
    ),
    Met(
        fault=PlainOnTLS(),
        curl={35},  # CURLE_SSL_CONNECT_ERROR
        requests=requests.exceptions.SSLError,
        words="WRONG_VERSION_NUMBER|wrong version number|record layer failure",
        node={"ERR_SSL_WRONG_VERSION_NUMBER"},
        seen={ConnectionOutcome.MALFORMED},
    ),
    Met(
        fault=TLSHandshakeStall(),
        curl={28},
        requests=requests.exceptions.ReadTimeout,
        words="timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.SILENT},
    ),
    Met(
        fault=TLSResetInHandshake(),
        curl={35},
        requests=requests.exceptions.ConnectionError,
        words="reset by peer",
        node={"ECONNRESET"},
        seen={ConnectionOutcome.RESET},
    ),
    certificate(Certificate.UNTRUSTED_AUTHORITY, "unable to get local issuer certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    certificate(Certificate.EXPIRED, "certificate has expired", "CERT_HAS_EXPIRED"),
    certificate(Certificate.NOT_YET_VALID, "certificate is not yet valid", "CERT_NOT_YET_VALID"),
    certificate(Certificate.WRONG_HOST, "IP address mismatch", "ERR_TLS_CERT_ALTNAME_INVALID"),
    certificate(Certificate.SELF_SIGNED, "self-signed certificate", "DEPTH_ZERO_SELF_SIGNED_CERT"),
    certificate(Certificate.INCOMPLETE_CHAIN, "unable to get local issuer certificate", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    *(
        Met(
            fault=TLSVersion(version=version),
            curl={35},
            requests=requests.exceptions.SSLError,
            words="ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|protocol version",
            node={"ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "ERR_SSL_UNSUPPORTED_PROTOCOL"},
            seen={ConnectionOutcome.HANDSHAKE_FAILED},
        )
        for version in ("1.0", "1.1")
    ),
]


@pytest.fixture(scope="module")
def server():
    with MockServer() as running:
        running.tenant("t", strict=False)
        yield running


@pytest.fixture
def opened(server):
    """Return a function that opens a port, and gives the token URL there."""
    ports = []

    def open_port(*arguments, **more):
        port = server.open_port(*arguments, **more)
        ports.append(port)
        return port, port.url_of(server.tenants.find("t"))

    yield open_port
    for port in ports:
        port.close()


@pytest.fixture(scope="module")
def curl(server):
    path = shutil.which("curl")
    assert path, "curl is not on the PATH; this project's tests need it"

    def post(url, *more, patience_s=PATIENCE_S):
        options = (
            "--cacert",
            str(server.ca_file),
            "--max-time",
            str(patience_s),
            "-u",
            "a:b",
            "-d",
            "grant_type=client_credentials",
        )
        return subprocess.run(
            [path, "-sS", "--noproxy", "*", *options, *more, url], capture_output=True, text=True, timeout=30, check=False
        )

    return post


@pytest.fixture(scope="module")
def fetch(server):
    path = shutil.which("node")
    assert path, "node is not on the PATH; this project's tests need it (20 or newer)"
    with subprocess.Popen(
        [path, str(Path(__file__).with_name("ask.mjs"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **trust_variables(str(server.ca_file))},
    ) as process:

        def post(url, *, patience_s=PATIENCE_S):
            process.stdin.write(json.dumps({"url": url, "seconds": patience_s}) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield post
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.fixture
def post(server):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        session.auth = ("a", "b")

        def ask(url, *, patience_s=PATIENCE_S):
            return session.post(url, {"grant_type": "client_credentials"}, timeout=patience_s)

        yield ask


def name(met):
    more = getattr(met.fault, "certificate", getattr(met.fault, "version", ""))
    return f"{met.fault.name}{'-' if more else ''}{more}"


def check(port, met):
    """Hold the port's log against the table: the server says that the fault was met, and so does the client."""
    if not met.seen:
        assert port.count == 0
        return
    if met.seen != {ConnectionOutcome.OPEN}:
        port.wait_for(1)  # what the client says in the handshake comes after the client has told its caller
    # A client that has given up may open another connection at once, which has met nothing yet.
    met_it = [record for record in port.connections if record.outcome in met.seen]
    assert met_it
    assert all(record.fault == met.fault.name for record in met_it)
    assert {record.outcome for record in port.connections} <= met.seen | {ConnectionOutcome.OPEN}


def test_every_fault_and_certificate_is_in_the_table():
    assert {met.fault.name for met in TABLE} == set(all_connection_faults())
    kinds = {met.fault.certificate for met in TABLE if isinstance(met.fault, TLSCertificate)}
    assert kinds == set(Certificate) - {Certificate.TRUSTED}


@pytest.mark.parametrize("met", TABLE, ids=name)
def test_curl_meets_it(opened, curl, met):
    port, url = opened(met.fault)
    done = curl(url, patience_s=met.patience_s)
    assert done.returncode in met.curl, done.stderr
    assert done.stdout == ""
    check(port, met)


@pytest.mark.parametrize("met", TABLE, ids=name)
def test_requests_meets_it(opened, post, met):
    port, url = opened(met.fault)
    with pytest.raises(met.requests, match=met.words):
        post(url, patience_s=met.patience_s)
    check(port, met)


@pytest.mark.parametrize("met", TABLE, ids=name)
def test_node_meets_it(opened, fetch, met):
    port, url = opened(met.fault)
    answer = fetch(url, patience_s=met.patience_s)
    assert answer.get("code") in met.node or answer.get("error") in met.node, answer
    check(port, met)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_all_are_served_by_a_port_that_behaves(opened, curl, post, fetch, tls):
    port, url = opened(tls=tls)
    assert json.loads(curl(url).stdout)["access_token"]
    assert post(url).json()["access_token"]
    assert fetch(url)["document"]["access_token"]
    assert [record.outcome for record in port.connections] == [ConnectionOutcome.SERVED] * 3


def test_fails_twice_then_recovers(opened, post, curl, fetch):
    for ask in (
        lambda url: post(url).status_code,
        lambda url: fetch(url).get("status"),
        lambda url: curl(url).returncode == 0 and 200,
    ):
        port, url = opened(ResetBeforeRead(times=2))
        answers = []
        for _ in range(3):
            try:
                answers.append(ask(url))
            except requests.exceptions.ConnectionError:
                answers.append(None)
        assert [answer == 200 for answer in answers] == [False, False, True]
        assert [record.outcome for record in port.connections] == [
            ConnectionOutcome.RESET,
            ConnectionOutcome.RESET,
            ConnectionOutcome.SERVED,
        ]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_curl_gets_a_token_over_an_old_version_when_it_is_told_to(opened, curl, version):
    port, url = opened(TLSVersion(version=version))
    done = curl(url, "--tlsv1.0", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0")
    assert json.loads(done.stdout)["access_token"]
    assert port.connections[0].outcome is ConnectionOutcome.SERVED


def test_an_insecure_client_is_found_out(opened, curl):
    port, url = opened(TLSCertificate(certificate=Certificate.EXPIRED))
    assert json.loads(curl(url, "--insecure").stdout)["access_token"]
    assert port.connections[0].outcome is ConnectionOutcome.SERVED
