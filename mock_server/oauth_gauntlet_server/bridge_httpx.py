"""The server as a transport of httpx: nothing leaves the process.

httpx has a transport for WSGI applications; it joins header fields of the same name and takes ASCII only, and a server
that misbehaves needs more.
"""

from __future__ import annotations

import asyncio

import httpx

from oauth_gauntlet_server.bridge import ask
from oauth_gauntlet_server.wsgi import WSGIApp


class Transport(httpx.BaseTransport):
    """A transport by which the application answers, whatever the host."""

    def __init__(self, app: WSGIApp) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return _answered(self._app, request, request.read())


class AsyncTransport(httpx.AsyncBaseTransport):
    """The same for `httpx.AsyncClient`: the application runs in a thread, so that a delay holds up nobody else."""

    def __init__(self, app: WSGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        return await asyncio.to_thread(_answered, self._app, request, await request.aread())


def _answered(app: WSGIApp, request: httpx.Request, body: bytes) -> httpx.Response:
    url = request.url
    answer = ask(
        app,
        method=request.method,
        target=url.raw_path.decode("latin-1"),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw),
        body=body,
        scheme=url.scheme,
        host=url.host,
        port=url.port,
    )
    headers = [(name.encode("latin-1"), value.encode("utf-8", "surrogateescape")) for name, value in answer.headers]
    return httpx.Response(answer.status, headers=headers, content=answer.body)
