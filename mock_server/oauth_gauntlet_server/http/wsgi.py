"""Between our own listener and a WSGI application: the environ of a request, and the answer that comes back.

Two members of the environ are ours: ``oauth_gauntlet.request`` holds the request to the octet, and
``oauth_gauntlet.wire`` takes what is to happen on the wire beside sending the answer.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol
from urllib.parse import quote, unquote_to_bytes

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.wire_plan import WireStep

REQUEST_KEY = "oauth_gauntlet.request"
WIRE_KEY = "oauth_gauntlet.wire"

Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class ByteStream(Protocol):
    """Octets in pieces, as they come (see `Stream` of the wire plan); `close` may be called at any time, and twice."""

    def __iter__(self) -> Iterator[bytes]: ...

    def close(self) -> None:
        """Give back what the stream holds."""


@dataclass(kw_only=True)
class WireControl:
    """What the application asks of the listener for one answer.

    `record` is called once, with what was answered, before the client can see the end of it; with None when nothing is
    sent at all. It is called as well when the client went away before the end. `now` is the time that the answer is to
    bear, in seconds since the epoch; by default it is real time. `stream` takes the place of the body where that is made
    while it is sent; the listener closes it.
    """

    steps: tuple[WireStep, ...] = ()
    now: float | None = None
    record: Callable[[RecordedResponse | None], None] = field(default=lambda response: None)  # noqa: ARG005
    stream: ByteStream | None = None


def environ_of(request: RecordedRequest, *, server: tuple[str, int], client: tuple[str, int], scheme: str) -> Environ:
    """Return the WSGI environ of a request (PEP 3333)."""
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        REQUEST_KEY: request,
        WIRE_KEY: WireControl(),
    }
    for name, value in request.headers:
        if "_" in name:
            continue  # would pass for the field with a hyphen; only the record keeps it
        key = _key(name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ


@lru_cache(maxsize=512)
def _key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def request_of(environ: Environ, *, most_body: int) -> RecordedRequest:
    """Return the request of an environ: to the octet where our listener made it, else put together again.

    What is put together is left in the environ, and its body to be read once more, since a stream can be read only
    once. At most `most_body` octets and one of it are read: one more is how a body that is too large shows.
    """
    recorded = environ.get(REQUEST_KEY)
    if isinstance(recorded, RecordedRequest):
        return recorded
    length = environ.get("CONTENT_LENGTH") or ""
    stream = environ["wsgi.input"]
    most = most_body + 1
    announced = int(length) if length.isdecimal() else (most if environ.get("wsgi.input_terminated") else 0)
    body: bytes = stream.read(min(announced, most)) if announced else b""
    headers = tuple(
        (key.removeprefix("HTTP_").replace("_", "-").title(), str(value))
        for key, value in environ.items()
        if key.startswith("HTTP_") or (key in {"CONTENT_TYPE", "CONTENT_LENGTH"} and value)
    )
    query = environ.get("QUERY_STRING", "")
    path = quote(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"], encoding="latin-1")
    target = environ.get("RAW_URI") or environ.get("REQUEST_URI") or path + (f"?{query}" if query else "")
    request = RecordedRequest(
        method=environ["REQUEST_METHOD"],
        target=target,
        http_version=environ.get("SERVER_PROTOCOL", "HTTP/1.1").removeprefix("HTTP/"),
        headers=headers,
        body=body,
        raw=b"",
        exact=False,
    )
    environ[REQUEST_KEY] = request
    environ["wsgi.input"] = io.BytesIO(body)
    return request


def call(app: WSGIApp, environ: Environ) -> Answer:
    """Call an application and return its whole answer."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:  # noqa: ARG001
        started.append((status, headers))
        return written.append

    result = app(environ, start_response)
    try:
        content = list(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
    status, headers = started[-1]
    body = b"".join([*written, *content])
    code, _, reason = status.partition(" ")
    return Answer(status=int(code), reason=reason, headers=tuple(headers), body=body)
