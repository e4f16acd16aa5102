"""Calls of a server from HTTP libraries in the same process, without a socket.

Each library's bridge is imported when it is used, because it needs that library.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import httpx
    import httpx2

    from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
    from oauth_gauntlet_server.http.http_request import RecordedRequest
    from oauth_gauntlet_server.integrations.bridge_responses import Interception
    from oauth_gauntlet_server.tenancy.tenant import Tenant


class InProcess(ABC):
    """The part of a server that HTTP libraries use without a socket."""

    @abstractmethod
    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled:
        """Return the handled request; nothing is sent or recorded yet."""

    @abstractmethod
    def tenant(self, name: str | None = None, *, base_url: str | None = None, **settings: Any) -> Tenant:
        """Create a tenant."""

    def intercept(self, origin: str, *, pass_others: bool = False) -> AbstractContextManager[Interception]:
        """Return a context manager in which this server answers for an origin, such as ``https://login.example.com``.

        It works for requests of the requests library in this process. It needs the extra ``responses``. `responses`
        rejects requests to other origins; with `pass_others` they are sent.
        """
        from oauth_gauntlet_server.integrations.bridge_responses import intercept

        return intercept(self, origin, pass_others=pass_others)

    def httpx2_transport(self) -> httpx2.BaseTransport:
        """Return a transport with which an `httpx2.Client` calls this server in this process, for every host; needs httpx2."""
        from oauth_gauntlet_server.integrations.bridge_httpx2 import Transport

        return Transport(self.handle)

    def httpx2_async_transport(self) -> httpx2.AsyncBaseTransport:
        """Return the same for `httpx2.AsyncClient`; needs httpx2."""
        from oauth_gauntlet_server.integrations.bridge_httpx2 import AsyncTransport

        return AsyncTransport(self.handle)

    def httpx_transport(self) -> httpx.BaseTransport:
        """Return the same for `httpx.Client`; needs httpx."""
        from oauth_gauntlet_server.integrations.bridge_httpx import Transport

        return Transport(self.handle)

    def httpx_async_transport(self) -> httpx.AsyncBaseTransport:
        """Return the same for `httpx.AsyncClient`; needs httpx."""
        from oauth_gauntlet_server.integrations.bridge_httpx import AsyncTransport

        return AsyncTransport(self.handle)
