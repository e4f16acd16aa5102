"""The adapter: map the operations of the protocol to calls of the client, on an event loop in a separate thread."""

import asyncio
import platform
import threading
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import aiohttp

from oauth_gauntlet import protocol
from oauth_gauntlet.adapter import CANCEL_LEAD_S, ClientAdapter
from oauth_gauntlet.errors import ClientFailure
from tests.selftest.second_client import failures
from tests.selftest.second_client.client import Client, Token
from tests.selftest.second_client.settings import AUTH_METHODS, settings_of
from tests.selftest.second_client.transport import Response

_A = TypeVar("_A")
_B = TypeVar("_B")

_KINDS = {
    failures.ConfigurationRefused: protocol.ErrorKind.CONFIG,
    failures.ServerRefused: protocol.ErrorKind.OAUTH,
    failures.AnswerRefused: protocol.ErrorKind.PROTOCOL,
    failures.ExchangeFailed: protocol.ErrorKind.TRANSPORT,
    failures.ExchangeTimedOut: protocol.ErrorKind.TIMEOUT,
}


def make_client() -> ClientAdapter:
    """Return an adapter (client spec ``py:tests.selftest.second_client:make_client``)."""
    return SecondClientAdapter()


class SecondClientAdapter(ClientAdapter):
    """Drives one `Client` at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="second-client", daemon=True)
        self._thread.start()
        self._client: Client | None = None
        self._ahead = 0.0

    def hello(self) -> protocol.Hello:
        """Declare everything that the protocol has, except the clock of the process: the client has its own clock."""
        return protocol.Hello(
            client=protocol.ClientInfo(
                name="second-client", language="Python", runtime=f"{platform.python_version()}, aiohttp {aiohttp.__version__}"
            ),
            grants=frozenset(protocol.GrantType),
            token_endpoint_auth_methods=frozenset(AUTH_METHODS),
            parameters=protocol.CONFIGURATION_KEYS - {"issuer"},  # it reads no metadata
            capabilities=frozenset(protocol.Capability) - {protocol.Capability.PROCESS_CLOCK},
            profiles=frozenset({"scim-connector"}),
        )

    def configure(self, config: Mapping[str, protocol.JSON]) -> None:
        """Discard the client, and create another."""

        async def change() -> None:
            await self._discard()
            self._ahead = 0.0
            self._client = Client(settings_of(config), lambda: time.time() + self._ahead)

        self._do(change())

    def get_token(self) -> protocol.Token:
        """Return a token."""
        return _shown(self._do(self._configured().token()))

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[protocol.Token | protocol.ErrorInfo]:
        """Request tokens concurrently, each in a task, and cancel the first `cancel` tasks."""
        return self._together([self._configured().token] * count, cancel, _shown)

    def refresh(self) -> protocol.Token:
        """Exchange the refresh token."""
        return _shown(self._do(self._configured().refresh()))

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> protocol.ResourceResponse:
        """Send a resource request with the token."""
        return _received(self._do(self._configured().request(method, url, headers, _content(body))))

    def requests(
        self, requests: Sequence[protocol.ResourceRequest], cancel: int = 0
    ) -> Sequence[protocol.ResourceResponse | protocol.ErrorInfo]:
        """Send resource requests concurrently, each in a task, and cancel the first `cancel` tasks."""
        client = self._configured()
        calls = [partial(client.request, each.method, each.url, each.headers, _content(each.body)) for each in requests]
        return self._together(calls, cancel, _received)

    def advance_clock(self, seconds: float) -> None:
        """Advance the clock of the client."""
        self._ahead += seconds

    def describe(self) -> Sequence[str]:
        """Return the `repr` of client and token."""
        client = self._configured()
        return [repr(client), str(client), repr(client.held)]

    def close(self) -> None:
        """Discard the client, and stop the thread."""
        self._do(self._discard())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _discard(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _configured(self) -> Client:
        if self._client is None:
            raise ClientFailure(_error(failures.ConfigurationRefused("the client is not configured")))
        return self._client

    def _together(
        self, calls: Sequence[Callable[[], Coroutine[Any, Any, _A]]], cancel: int, shown: Callable[[_A], _B]
    ) -> list[_B | protocol.ErrorInfo]:
        """Make concurrent calls, each in a task; return what is shown of each result, or its error."""

        async def ask() -> list[_A | BaseException]:
            tasks = [asyncio.create_task(call()) for call in calls[:cancel]]
            if cancel:
                await asyncio.sleep(CANCEL_LEAD_S)
            tasks += [asyncio.create_task(call()) for call in calls[cancel:]]
            if cancel:
                await asyncio.sleep(CANCEL_LEAD_S)
            for task in tasks[:cancel]:
                task.cancel()
            return await asyncio.gather(*tasks, return_exceptions=True)

        return [
            _error(each, cancelled=place < cancel) if isinstance(each, BaseException) else shown(each)
            for place, each in enumerate(self._do(ask()))
        ]

    def _do(self, work: Coroutine[Any, Any, _A]) -> _A:
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except failures.Failure as failure:
            raise ClientFailure(_error(failure)) from failure


def _shown(token: Token) -> protocol.Token:
    # Freedom: it exposes only the expiry time, the type in lower case, and no members beyond those of the specification.
    return protocol.Token(
        access_token=token.access_token,
        token_type="bearer",
        expires_at=token.expires_at,
        refresh_token=token.refresh_token,
        scope=token.scope,
    )


def _content(body: str | None) -> bytes | None:
    return None if body is None else body.encode()


def _received(response: Response) -> protocol.ResourceResponse:
    return protocol.ResourceResponse(
        status=response.status, headers=tuple(response.headers.items()), body=response.content.decode("utf-8", "replace")
    )


def _error(error: BaseException, *, cancelled: bool = False) -> protocol.ErrorInfo:
    kind = _KINDS.get(type(error), protocol.ErrorKind.UNEXPECTED)
    if cancelled and isinstance(error, asyncio.CancelledError):
        kind = protocol.ErrorKind.CANCELLED
    return protocol.ErrorInfo(
        kind=kind,
        message=str(error),
        type=type(error).__qualname__,
        oauth_error=getattr(error, "code", None) if isinstance(error, failures.ServerRefused) else None,
        oauth_error_description=getattr(error, "description", None),
        oauth_error_uri=getattr(error, "uri", None),
        http_status=getattr(error, "status", None),
        retry_after=getattr(error, "retry_after", None),
    )
