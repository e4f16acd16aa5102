"""Send a request to the server's application in this process, without a socket."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import ConnectionInfo, Handle
from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest
from oauth_gauntlet_server.http.without_socket import delivered

_PORTS = {"http": 80, "https": 443}


def ask(
    handle: Handle, *, method: str, target: str, headers: Headers, body: bytes, scheme: str, host: str, port: int | None
) -> Answer:
    """Return the application's response to the request of a client library.

    Faults and the journal work. There is no socket, so a fault that needs one gets 501 (Not Implemented), as
    with any other WSGI server.
    """
    request = RecordedRequest(
        method=method, target=target, http_version="1.1", headers=headers, body=body, raw=b"", exact=False
    )
    server = (host, port or _PORTS.get(scheme, 80))
    answer = delivered(handle(request, ConnectionInfo(scheme=scheme, server=server, client=("127.0.0.1", 0))))
    if answer.stream is None:
        return answer
    with contextlib.closing(answer.stream):
        return replace(answer, body=b"".join(answer.stream), stream=None)


class _URL(Protocol):
    """The part of a URL of httpx or httpx2 that is used."""

    @property
    def raw_path(self) -> bytes: ...
    @property
    def scheme(self) -> str: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int | None: ...


class _HeaderFields(Protocol):
    @property
    def raw(self) -> Sequence[tuple[bytes, bytes]]: ...


class _Request(Protocol):
    """The part of a request of httpx or httpx2 that is used."""

    @property
    def method(self) -> str: ...
    @property
    def url(self) -> _URL: ...
    @property
    def headers(self) -> _HeaderFields: ...


def ask_for_httpx(handle: Handle, request: _Request, body: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Return status, header fields and body of the response to a request of httpx or httpx2."""
    url = request.url
    answer = ask(
        handle,
        method=request.method,
        target=url.raw_path.decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw),
        body=body,
        scheme=url.scheme,
        host=url.host,
        port=url.port,
    )
    headers = [(name.encode("latin-1"), value.encode("utf-8", "surrogateescape")) for name, value in answer.headers]
    return answer.status, headers, answer.body
