"""The server as a transport of httpx2, which continues httpx: nothing leaves the process.

httpx2 has a transport for WSGI applications; it joins header fields of the same name and takes ASCII only, and a server
that misbehaves needs more.
"""

from __future__ import annotations

import asyncio

import httpx2

from oauth_gauntlet_server.http.handled import Handle
from oauth_gauntlet_server.integrations.bridge import ask_for_httpx


class Transport(httpx2.BaseTransport):
    """A transport by which the application answers, whatever the host."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        status, headers, body = ask_for_httpx(self._handle, request, request.read())
        return httpx2.Response(status, headers=headers, content=body)


class AsyncTransport(httpx2.AsyncBaseTransport):
    """The same for `httpx2.AsyncClient`: the application runs in a thread, so that a delay holds up nobody else."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Answer one request."""
        status, headers, body = await asyncio.to_thread(ask_for_httpx, self._handle, request, await request.aread())
        return httpx2.Response(status, headers=headers, content=body)
