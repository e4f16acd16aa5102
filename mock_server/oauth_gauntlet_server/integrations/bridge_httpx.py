"""Transports for httpx: they send requests to the application in this process.

httpx has its own transport for WSGI applications. It joins header fields of the same name and accepts only
ASCII, but faults send repeated header fields and other octets.
"""

from __future__ import annotations

import asyncio

import httpx

from oauth_gauntlet_server.http.handled import Handle
from oauth_gauntlet_server.integrations.bridge import ask_for_httpx


class Transport(httpx.BaseTransport):
    """A transport that sends every request to the application, for any host."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to one request."""
        status, headers, body = ask_for_httpx(self._handle, request, request.read())
        return httpx.Response(status, headers=headers, content=body)


class AsyncTransport(httpx.AsyncBaseTransport):
    """The transport for `httpx.AsyncClient`: the application runs in a thread, so a delay blocks no other request."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response to one request."""
        status, headers, body = await asyncio.to_thread(ask_for_httpx, self._handle, request, await request.aread())
        return httpx.Response(status, headers=headers, content=body)
