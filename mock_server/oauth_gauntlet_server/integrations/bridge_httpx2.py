"""Transports for httpx2, the successor of httpx: they send requests to the application in this process.

httpx2 has its own transport for WSGI applications. It joins header fields of the same name and accepts only
ASCII, but faults send repeated header fields and other octets.
"""

from __future__ import annotations

import asyncio

import httpx2

from oauth_gauntlet_server.http.handled import Handle
from oauth_gauntlet_server.integrations.bridge import ask_for_httpx


class Transport(httpx2.BaseTransport):
    """A transport that sends every request to the application, for any host."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the response to one request."""
        status, headers, body = ask_for_httpx(self._handle, request, request.read())
        return httpx2.Response(status, headers=headers, content=body)


class AsyncTransport(httpx2.AsyncBaseTransport):
    """The transport for `httpx2.AsyncClient`: the application runs in a thread, so a delay blocks no other request."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the response to one request."""
        status, headers, body = await asyncio.to_thread(ask_for_httpx, self._handle, request, await request.aread())
        return httpx2.Response(status, headers=headers, content=body)
