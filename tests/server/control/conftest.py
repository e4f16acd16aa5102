"""Fixtures: a real server, and a client of its control API that writes its own headers."""

import http.client
import json
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest

from oauth_gauntlet_server import MockServer

JSON = {"Content-Type": "application/json"}


@dataclass
class Answered:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class ControlClient:
    """Send requests to one server; `headers` replace the default headers of http.client."""

    def __init__(self, host, port):
        self.host, self.port = host, port

    def raw(self, method, path, body=b"", headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in {"Host": f"{self.host}:{self.port}", **(headers or {})}.items():
                if value is not None:
                    connection.putheader(name, value)
            if body or method in {"POST", "PATCH", "PUT"}:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            response = connection.getresponse()
            return Answered(response.status, response.headers, response.read())
        finally:
            connection.close()

    def __call__(self, method, path, document=None, **query):
        """Send a request to the control API, with the document as JSON."""
        target = f"/_control{path}" + (f"?{urlencode(query)}" if query else "")
        body = b"" if document is None else json.dumps(document).encode()
        return self.raw(method, target, body, JSON if method in {"POST", "PUT", "PATCH"} else {})

    def token(self, tenant="t", client="a:s", **form):
        """Send a token request."""
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": "Basic " + b64encode(client.encode()).decode(),
        }
        form = {"grant_type": "client_credentials", **form}
        return self.raw("POST", f"/{tenant}/token", urlencode(form, doseq=True).encode(), headers)


@pytest.fixture(scope="session")
def control_server():
    with MockServer() as running:
        yield running


@pytest.fixture(scope="session")
def client_of():
    """Return a function that makes a client of a server's control API."""
    return lambda server: ControlClient("127.0.0.1", int(server.local_url.rpartition(":")[2]))


@pytest.fixture
def control(control_server, client_of):
    return client_of(control_server)


@pytest.fixture
def tenant(control_server):
    """Return a new strict tenant ``t``, as a Python object."""
    return control_server.tenant("t", replace=True)
