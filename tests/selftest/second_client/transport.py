"""One HTTP exchange with aiohttp and a time limit: no cookies, no netrc file, no compression, no automatic redirects."""

import asyncio
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from tests.selftest.second_client.failures import AnswerRefused, ExchangeFailed, ExchangeTimedOut

LARGEST = 1 << 20
"""The largest accepted content in octets."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_FIELDS = {
    # Freedom: it accepts no content coding (RFC 9110 12.5.3), and rejects a response that has one.
    "accept-encoding": "identity;q=1, *;q=0",
    "user-agent": "second-client",
}


@dataclass(frozen=True)
class Response:
    """A complete HTTP response."""

    status: int
    headers: CIMultiDictProxy[str]
    content: bytes = field(repr=False)


class Transport:
    """Sends requests. Freedom: each unsafe request has a new connection; safe requests share connections."""

    def __init__(self, tls: ssl.SSLContext | None, timeout: float) -> None:
        """Open no connection yet. If `tls` is None, the authorities of the system are trusted. `timeout` is in seconds."""
        self._timeout = timeout
        self._tls = tls
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        """Close the connections."""
        for session in self._sessions.values():
            await session.close()

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], content: bytes | None = None) -> Response:
        """Send a request and return the response; follow no redirect.

        Raises:
            ExchangeTimedOut: the response was not complete within the time limit.
            ExchangeFailed: no complete response came.
            AnswerRefused: the response is too long or has a content coding.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._exchange(method, url, {**_FIELDS, **headers}, content)
        except TimeoutError:
            raise ExchangeTimedOut(f"no complete response within {self._timeout:g} s") from None
        except (aiohttp.ClientError, OSError) as error:
            raise ExchangeFailed(f"the exchange failed ({type(error).__name__})") from None
        except ValueError:
            raise ExchangeFailed(
                "the request cannot be sent: a name or value contains characters that HTTP does not allow"
            ) from None

    async def _exchange(self, method: str, url: URL, headers: Mapping[str, str], content: bytes | None) -> Response:
        session = self._session(shared=method.upper() in _SAFE)
        proxy = _proxy_for(url)
        async with session.request(method, url, headers=headers, data=content, allow_redirects=False, proxy=proxy) as response:
            if proxy is not None and response.status == 407:
                raise ExchangeFailed("the proxy requires other credentials")
            if response.headers.get("Content-Encoding", "identity").strip(" \t").lower() not in ("", "identity"):
                raise AnswerRefused("the response has a content coding that was not requested", response.status)
            parts: list[bytes] = []
            size = 0
            async for part in response.content.iter_any():
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise AnswerRefused(f"the response has more than {LARGEST} octets", response.status)
            return Response(response.status, response.headers, b"".join(parts))

    def _session(self, *, shared: bool) -> aiohttp.ClientSession:
        if shared not in self._sessions:
            self._sessions[shared] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=self._tls or True, force_close=not shared),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
                trust_env=False,
            )
        return self._sessions[shared]


def _proxy_for(url: URL) -> URL | None:
    """Return the proxy that the environment names for a URL; aiohttp takes the credentials from the URL of the proxy.

    Freedom: a host of NO_PROXY is a name or an address, without a port.
    """
    excluded = {name.strip().lower() for name in (os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or "").split(",")}
    if (url.host or "").lower() in excluded or "*" in excluded:
        return None
    name = f"{url.scheme}_proxy"
    named = os.environ.get(name) or os.environ.get(name.upper())
    return URL(named) if named else None
