"""Sockets for the server's tests: an application on our listener, and a client that sends and reads octets."""

import base64
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from oauth_gauntlet_server import AssertionIssuer, MockServer, RegisteredClient, Tenant, User
from oauth_gauntlet_server.application.front import Front
from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.jose.token_signing import TokenSigning
from oauth_gauntlet_server.listening.limits import Limits
from oauth_gauntlet_server.listening.listener import Listener
from oauth_gauntlet_server.tenancy.journal import Journal
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

TOKEN_DOCUMENT = b'{"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "rt"}'


class RawClient:
    """A connection on which a test sends and reads octets."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._buffer = b""

    def send(self, octets):
        self.socket.sendall(octets)

    def until(self, mark):
        while mark not in self._buffer:
            data = self.socket.recv(65536)
            assert data, f"the connection closed after {self._buffer!r}"
            self._buffer += data
        head, _, self._buffer = self._buffer.partition(mark)
        return head + mark

    def answer(self, *, content=True):
        """Read one answer by its Content-Length, and return status line, header dictionary and body."""
        lines = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
        length = int(headers.get("content-length", 0)) if content else 0
        while len(self._buffer) < length:
            data = self.socket.recv(65536)
            assert data, "the connection closed within a body"
            self._buffer += data
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return lines[0], headers, body

    def rest(self):
        """Read to the end of the connection."""
        data = self._buffer
        self._buffer = b""
        while more := self.socket.recv(65536):
            data += more
        return data


@dataclass
class SmallTenant:
    """The part of a tenant that the core needs."""

    settings: TenantSettings = field(default_factory=TenantSettings)
    armed: ArmedFaults = field(default_factory=ArmedFaults)
    journal: Journal = field(default_factory=Journal)
    clock: Clock = field(default_factory=lambda: Clock(lambda: 1_700_000_000.0))

    other_origin: Callable[[], str] = lambda: "http://other.example"
    renamed: dict[str, str] = field(default_factory=dict)

    signing: TokenSigning = field(default_factory=TokenSigning)

    def urls_at(self, base_url: str | None) -> TenantURLs:
        return TenantURLs.below(base_url or "http://127.0.0.1", "t")

    def other_origin_at(self, urls: TenantURLs) -> str:
        return self.other_origin()

    def rename_token(self, issued: str, other: str, claims: object = None) -> None:
        self.renamed[issued] = other

    def arm(self, fault: Fault, **trigger: object) -> ArmedFault:
        return self.armed.arm(fault, Trigger(**trigger))


class TokenApp:
    """A token endpoint that always grants; `seen` contains method, path and body of each request."""

    def __init__(self):
        self.seen = []
        self.status = "200 OK"
        self.document = TOKEN_DOCUMENT

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.seen.append((environ["REQUEST_METHOD"], environ["PATH_INFO"], body))
        start_response(
            self.status,
            [
                ("Content-Type", "application/json"),
                ("Cache-Control", "no-store"),
                ("Content-Length", str(len(self.document))),
            ],
        )
        return [self.document]


@pytest.fixture
def listening() -> Iterator[Callable[..., Listener]]:
    """Return a function that starts a listener for a `Handle`."""
    started = []

    def start(handle, limits=None, setup=None):
        listener = Listener(handle, host="127.0.0.1", port=0, limits=limits or Limits(), setup=setup)
        listener.start()
        started.append(listener)
        return listener

    yield start
    for listener in started:
        listener.stop()


@pytest.fixture
def connect() -> Iterator[Callable[[int], RawClient]]:
    """Return a function that connects to a port."""
    clients = []

    def to(port):
        client = RawClient(port)
        clients.append(client)
        return client

    yield to
    for client in clients:
        client.socket.close()


@pytest.fixture
def tenant() -> SmallTenant:
    return SmallTenant()


@pytest.fixture
def token_app() -> TokenApp:
    return TokenApp()


@pytest.fixture
def faulty_port(listening, tenant, token_app) -> int:
    """The port of a listener with the tenant ``t``, its faults and its journal in front of the token app."""
    front = Front(token_app, lambda name: tenant if name == "t" else None)
    return listening(front.handle).port


@pytest.fixture
def post(connect, faulty_port) -> Callable[..., bytes]:
    """Return a function that posts a form on a new connection, and returns every octet of the answer."""

    def send(form=b"grant_type=client_credentials", path="/t/token", headers=b""):
        client = connect(faulty_port)
        client.send(
            b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s"
            b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s"
            % (path.encode(), headers, len(form), form)
        )
        return client.rest()

    return send


# The authorization server over sockets.

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="session")
def server() -> Iterator[MockServer]:
    with MockServer() as running:
        yield running


@pytest.fixture(scope="session")
def http() -> Iterator[httpx2.Client]:
    with httpx2.Client() as client:
        yield client


@pytest.fixture
def strict(server) -> Tenant:
    """A strict tenant with some registered clients, a user ``u`` and an issuer."""
    fresh = server.tenant()
    fresh.register_client(RegisteredClient(client_id="a", client_secret="s", scope="read write"))
    fresh.register_client(RegisteredClient(client_id="a b:c", client_secret="p+q%&é"))
    fresh.register_client(RegisteredClient(client_id="cc", client_secret="s", grant_types=frozenset({"client_credentials"})))
    fresh.register_client(RegisteredClient(client_id="public", token_endpoint_auth_methods=frozenset({"none"})))
    methods = frozenset({"private_key_jwt", "client_secret_jwt"})
    fresh.register_client(
        RegisteredClient(client_id="signer", client_secret="x" * 32, token_endpoint_auth_methods=methods, public_keys=(PUBLIC,))
    )
    fresh.register_user(User(username="u", password="p"))
    fresh.register_issuer(AssertionIssuer(issuer="https://i.example", public_keys=(PUBLIC,)))
    return fresh


@pytest.fixture
def basic() -> Callable[..., dict[str, str]]:
    """Return a function that returns the header field of the Basic scheme."""

    def header(user="a", password="s"):
        return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}

    return header


@pytest.fixture
def ask(http) -> Callable[..., dict]:
    """Return a function that posts a form to a tenant's token endpoint, and returns the document."""

    def token(tenant, headers=None, **form):
        return http.post(tenant.token_url, data=form, headers=headers or {}).json()

    return token


@pytest.fixture
def signed() -> Callable[..., str]:
    """Return a function that returns an assertion of the registered issuer; a claim of None is left out."""

    def assertion(tenant, key=KEY, alg="ES256", **changes):
        now = int(tenant.clock.now())
        claims = {"iss": "https://i.example", "sub": "x", "aud": tenant.issuer, "exp": now + 60, "iat": now, **changes}
        return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=alg)

    return assertion
