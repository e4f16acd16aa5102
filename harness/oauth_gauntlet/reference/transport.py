"""HTTP, by httpx: no redirects, no ambient settings, bounded in time and size.

The limit of time is for the whole exchange. A blocking client can only limit each read, which an answer that drips
outlives; so exchanges run as tasks of one event loop, in a thread of their own, where a task can be cancelled.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import httpx

from oauth_gauntlet.reference.errors import configuration_error, protocol_error, timeout_error, transport_error

MOST_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, in any case, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def retry_after_s(self) -> float | None:
        """Return the seconds of Retry-After, where it is given in seconds (RFC 9110 §10.2.3)."""
        value = (self.header("retry-after") or "").strip()
        return float(value) if value.isascii() and value.isdigit() else None


class Transport:
    """Connections of one configuration.

    Redirects are not followed: a token endpoint has no business redirecting, and secrets must not travel (RFC 9700
    §4.12). Proxies and netrc files of the environment are not used: they would replace configured credentials.
    """

    def __init__(self, *, ca_file: str | None, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        try:
            trust = ssl.create_default_context(cafile=ca_file) if ca_file else _public_trust()
        except (OSError, ssl.SSLError) as error:
            raise configuration_error(f"ca_file: {error}") from None
        self._client = self.client(trust)

    def client(self, trust: ssl.SSLContext) -> httpx.AsyncClient:
        """Return httpx's client, as it is set up here."""
        return httpx.AsyncClient(
            verify=trust,
            trust_env=False,
            follow_redirects=False,
            timeout=None,  # noqa: S113 - the limit is the task's
        )

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """Make one exchange.

        Raises:
            ClientFailure: kind timeout, transport or protocol; the text holds nothing of the request.
        """
        try:
            return _wait_for(self._exchange(method, url, headers, body))
        except TimeoutError:
            raise timeout_error(f"the exchange did not end within {self._timeout_s:g} s") from None
        except httpx.DecodingError:
            raise protocol_error("the answer's content coding does not decode") from None
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError) as error:
            raise transport_error(f"{type(error).__name__}: the exchange failed") from None

    def most_body(self) -> int:
        """Return how many octets of an answer are read."""
        return MOST_BODY

    def close(self) -> None:
        """Close the connections."""
        _wait_for(self._client.aclose())

    async def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        async with (
            asyncio.timeout(self._timeout_s),
            self._client.stream(method, url, headers=dict(headers), content=body) as response,
        ):
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > self.most_body():
                    raise protocol_error(f"the answer is larger than {self.most_body()} octets", response.status_code)
            return Response(status=response.status_code, headers=tuple(response.headers.multi_items()), body=bytes(content))


@cache
def _public_trust() -> ssl.SSLContext:
    """Return the trust in the public authorities; reading them takes longer than many an exchange."""
    return httpx.create_ssl_context(trust_env=False)


Outcome = TypeVar("Outcome")


_making_the_loop = threading.Lock()


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """Return the loop on which exchanges run, for as long as the process lives."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="reference-client", daemon=True).start()
    return loop


def _wait_for(task: Coroutine[Any, Any, Outcome]) -> Outcome:
    # Two callers at once would each make one: a cache does not wait for the first.
    with _making_the_loop:
        loop = _loop()
    return asyncio.run_coroutine_threadsafe(task, loop).result()
