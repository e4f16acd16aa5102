"""WSGI (PEP 3333): the environ of a request, the request of an environ, and calling an application.

An environ loses information: it joins header fields of the same name and drops the order of fields. So `call` also makes
the request itself available to the application, as `current_request`, in the way in which Flask provides its own request.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import ConnectionInfo
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wire_plan import ByteStream

Environ = dict[str, Any]
WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_current: ContextVar[RecordedRequest] = ContextVar("current request")


def path_info(request: RecordedRequest) -> str:
    """Return the path of a request as PATH_INFO: percent-decoded, each octet as one character."""
    path = request.path
    if path.isascii() and "%" not in path:
        return path
    return unquote_to_bytes(path).decode("latin-1")


def environ_of(request: RecordedRequest, *, path: str, connection: ConnectionInfo) -> Environ:
    """Return the WSGI environ of a request; `path` is the PATH_INFO that the application sees."""
    environ: Environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": connection.server[0],
        "SERVER_PORT": str(connection.server[1]),
        "SERVER_PROTOCOL": f"HTTP/{request.http_version}",
        "REMOTE_ADDR": connection.client[0],
        "REMOTE_PORT": str(connection.client[1]),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": connection.scheme,
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in request.headers:
        if "_" in name:
            continue  # an environ has one key for it and for the name with a hyphen; only the record keeps it
        key = _key(name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ


@lru_cache(maxsize=512)
def _key(name: str) -> str:
    key = name.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def recorded_request(environ: Environ, *, most_body: int) -> RecordedRequest:
    """Return the request that an environ of another WSGI server describes, as exactly as it can be restored.

    Reads the body from ``wsgi.input``: at most `most_body` octets and one more, which shows that the body is too large.
    """
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
    return RecordedRequest(
        method=environ["REQUEST_METHOD"],
        target=target,
        http_version=environ.get("SERVER_PROTOCOL", "HTTP/1.1").removeprefix("HTTP/"),
        headers=headers,
        body=body,
        raw=b"",
        exact=False,
    )


def current_request() -> RecordedRequest:
    """Return the request for which `call` runs the application in this context.

    Raises:
        LookupError: the application was not called by `call`.
    """
    return _current.get()


def call(app: WSGIApp, environ: Environ, request: RecordedRequest) -> Answer:
    """Call an application and return its whole answer; a body that is a `ByteStream` is returned unread."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []
    stream: ByteStream | None = None

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:  # noqa: ARG001
        started.append((status, headers))
        return written.append

    token = _current.set(request)
    try:
        result = app(environ, start_response)
        if isinstance(result, ByteStream):
            stream = result
        else:
            written += _read(result)
    finally:
        _current.reset(token)
    status, headers = started[-1]
    code, _, reason = status.partition(" ")
    return Answer(status=int(code), reason=reason, headers=tuple(headers), body=b"".join(written), stream=stream)


def _read(result: Iterable[bytes]) -> list[bytes]:
    try:
        return list(result)
    finally:
        close = getattr(result, "close", None)
        if close is not None:
            close()
