"""Asking the server's application in this process, for whoever has a request and no socket."""

from __future__ import annotations

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http_request import Headers, RecordedRequest
from oauth_gauntlet_server.wsgi import WIRE_KEY, WSGIApp, call, environ_of

_PORTS = {"http": 80, "https": 443}


def ask(
    app: WSGIApp, *, method: str, target: str, headers: Headers, body: bytes, scheme: str, host: str, port: int | None
) -> Answer:
    """Return the application's answer to a request as a client's library made it.

    Faults and journal are intact; there is no wire, so that a fault which works on it is answered as behind any other
    WSGI server: by a clear 501.
    """
    request = RecordedRequest(
        method=method, target=target, http_version="1.1", headers=headers, body=body, raw=b"", exact=False
    )
    server = (host, port or _PORTS.get(scheme, 80))
    environ = environ_of(request, server=server, client=("127.0.0.1", 0), scheme=scheme)
    del environ[WIRE_KEY]
    return call(app, environ)
