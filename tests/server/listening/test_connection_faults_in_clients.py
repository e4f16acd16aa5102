"""One table: the errors of curl, Python (requests) and Node (fetch) for each connection fault.

curl and node must be on the PATH. Nothing is skipped without them: then no test would show that the faults work.
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
from tests.server.listening.waiting import PATIENCE_S, eventually

# Each test starts or drives a foreign client.
pytestmark = pytest.mark.slow

SHORT_PATIENCE_S = 0.5
"""The time limit of a client that must run into it, in seconds; all others have `PATIENCE_S`."""


@dataclass(frozen=True, kw_only=True)
class Expected:
    """A fault and the errors that it causes: curl's exit codes, requests' exception with a part of its text, Node's codes.

    `seen` are the possible outcomes in the log of the port.
    """

    fault: ConnectionFault
    curl: set[int]
    requests: type[Exception]
    words: str
    node: set[str]
    seen: set[ConnectionOutcome]


def patience_s(*, times_out):
    return SHORT_PATIENCE_S if times_out else PATIENCE_S


def certificate(kind, words, node):
    return Expected(
        fault=TLSCertificate(certificate=kind),
        curl={60},  # CURLE_PEER_FAILED_VERIFICATION
        requests=requests.exceptions.SSLError,
        words=words,
        node={node},
        # Node checks the certificate after the handshake, and closes without a request.
        seen={ConnectionOutcome.HANDSHAKE_FAILED, ConnectionOutcome.UNUSED},
    )


# The system reports a reset once, to the first call. urllib3 ignores an error of sending, and then reads an end of file.
RESET_WORDS = "reset by peer|Broken pipe|Remote end closed connection"

TABLE = [
    Expected(
        fault=Refuse(),
        curl={7},  # CURLE_COULDNT_CONNECT
        requests=requests.exceptions.ConnectionError,
        words="Connection refused",
        node={"ECONNREFUSED"},
        seen=set(),
    ),
    Expected(
        fault=AcceptAndClose(),
        curl={52},  # CURLE_GOT_NOTHING
        requests=requests.exceptions.ConnectionError,
        words="Remote end closed connection without response",
        # If the connection is closed before the request is written, undici opens a new one, again and again.
        node={"UND_ERR_SOCKET", "TimeoutError"},
        seen={ConnectionOutcome.CLOSED},
    ),
    Expected(
        fault=ResetOnAccept(),
        curl={7, 52, 55, 56},  # while connecting, sending or receiving, or after another call got the error
        requests=requests.exceptions.ConnectionError,
        words=RESET_WORDS,
        node={"ECONNRESET", "EPIPE", "UND_ERR_SOCKET"},
        seen={ConnectionOutcome.RESET},
    ),
    Expected(
        fault=ResetBeforeRead(),
        curl={55, 56},  # CURLE_SEND_ERROR, CURLE_RECV_ERROR
        requests=requests.exceptions.ConnectionError,
        words=RESET_WORDS,
        node={"ECONNRESET", "EPIPE", "UND_ERR_SOCKET"},
        seen={ConnectionOutcome.RESET},
    ),
    Expected(
        fault=Silence(),
        curl={28},  # CURLE_OPERATION_TIMEDOUT
        requests=requests.exceptions.ReadTimeout,
        words="Read timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.SILENT},
    ),
    Expected(
        fault=DelayAccept(seconds=60),
        curl={28},
        requests=requests.exceptions.ReadTimeout,
        words="Read timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.OPEN},
    ),
    Expected(
        fault=Garbage(),
        curl={1},  # CURLE_UNSUPPORTED_PROTOCOL: "Received HTTP/0.9 when not allowed"
        requests=requests.exceptions.ConnectionError,
        words="BadStatusLine",
        node={"HPE_INVALID_CONSTANT"},
        seen={ConnectionOutcome.ANSWERED_WITHOUT_HTTP},
    ),
    Expected(
        fault=PlainOnTLS(),
        curl={35},  # CURLE_SSL_CONNECT_ERROR
        requests=requests.exceptions.SSLError,
        words="WRONG_VERSION_NUMBER|wrong version number|record layer failure",
        node={"ERR_SSL_WRONG_VERSION_NUMBER"},
        seen={ConnectionOutcome.MALFORMED},
    ),
    Expected(
        fault=TLSHandshakeStall(),
        curl={28},
        requests=requests.exceptions.ReadTimeout,
        words="timed out",
        node={"TimeoutError"},
        seen={ConnectionOutcome.SILENT},
    ),
    Expected(
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
        Expected(
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
    """Return a function that opens a port and returns it with its token URL."""
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
            [path, "-sS", "--noproxy", "*", *options, *more, url],
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_S,
            check=False,
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
        assert process.wait(PATIENCE_S) == 0


@pytest.fixture
def post(server):
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(server.ca_file)
        session.auth = ("a", "b")

        def ask(url, *, patience_s=PATIENCE_S):
            return session.post(url, {"grant_type": "client_credentials"}, timeout=patience_s)

        yield ask


def name(expected):
    more = getattr(expected.fault, "certificate", getattr(expected.fault, "version", ""))
    return f"{expected.fault.name}{'-' if more else ''}{more}"


def check(port, expected):
    """Compare the log of the port with the table: a connection with the fault has one of the outcomes."""
    if not expected.seen:
        assert port.count == 0
        return

    def with_the_fault():
        return [each for each in port.connections if each.fault == expected.fault.name and each.outcome in expected.seen]

    eventually(with_the_fault)  # the server may record an outcome later than the client reports its error
    # A client may already have opened another connection; that one is still open.
    others = [each for each in port.connections if each.outcome is not ConnectionOutcome.OPEN]
    assert all(each.fault == expected.fault.name and each.outcome in expected.seen for each in others)


def test_every_fault_and_certificate_is_in_the_table():
    assert {expected.fault.name for expected in TABLE} == set(all_connection_faults())
    kinds = {expected.fault.certificate for expected in TABLE if isinstance(expected.fault, TLSCertificate)}
    assert kinds == set(Certificate) - {Certificate.TRUSTED}


@pytest.mark.parametrize("expected", TABLE, ids=name)
def test_curl_reports_the_fault(opened, curl, expected):
    port, url = opened(expected.fault)
    done = curl(url, patience_s=patience_s(times_out=28 in expected.curl))
    assert done.returncode in expected.curl, done.stderr
    assert done.stdout == ""
    check(port, expected)


@pytest.mark.parametrize("expected", TABLE, ids=name)
def test_requests_reports_the_fault(opened, post, expected):
    port, url = opened(expected.fault)
    with pytest.raises(expected.requests, match=expected.words):
        post(url, patience_s=patience_s(times_out=expected.requests is requests.exceptions.ReadTimeout))
    check(port, expected)


@pytest.mark.parametrize("expected", TABLE, ids=name)
def test_node_reports_the_fault(opened, fetch, expected):
    port, url = opened(expected.fault)
    answer = fetch(url, patience_s=patience_s(times_out="TimeoutError" in expected.node))
    assert answer.get("code") in expected.node or answer.get("error") in expected.node, answer
    check(port, expected)


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_a_port_without_fault_serves_all_clients(opened, curl, post, fetch, tls):
    port, url = opened(tls=tls)
    assert json.loads(curl(url).stdout)["access_token"]
    assert post(url).json()["access_token"]
    assert fetch(url)["document"]["access_token"]
    assert [record.outcome for record in port.connections] == [ConnectionOutcome.SERVED] * 3


def test_every_client_succeeds_after_a_fault_that_fails_twice(opened, post, curl, fetch):
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
def test_curl_gets_a_token_over_an_old_version_if_it_allows_it(opened, curl, version):
    port, url = opened(TLSVersion(version=version))
    done = curl(url, "--tlsv1.0", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0")
    assert json.loads(done.stdout)["access_token"]
    assert port.connections[0].outcome is ConnectionOutcome.SERVED


def test_the_log_shows_a_client_that_does_not_verify(opened, curl):
    port, url = opened(TLSCertificate(certificate=Certificate.EXPIRED))
    assert json.loads(curl(url, "--insecure").stdout)["access_token"]
    assert port.connections[0].outcome is ConnectionOutcome.SERVED
