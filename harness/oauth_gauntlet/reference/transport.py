"""Send HTTP requests with httpx2: no redirects, through the proxies of the environment, limited time and size."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import cache

import httpcore2
import httpx2

from oauth_gauntlet.reference.errors import configuration_error, protocol_error, timeout_error, transport_error
from oauth_gauntlet.reference.proxies import Proxies, Proxy
from oauth_gauntlet.reference.time_limit import TimeLimit

MOST_BODY = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """An HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """Return the value of the first header field with this name (case-insensitive), or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def retry_after_s(self) -> float | None:
        """Return the seconds of Retry-After; None if it is absent or malformed (RFC 9110 §10.2.3).

        A date counts from the field Date, so that a wrong clock of this machine changes nothing.
        """
        value = (self.header("retry-after") or "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        until, sent = self.seconds_of(value), self.seconds_of(self.header("date") or "")
        return None if until is None or sent is None else max(0.0, until - sent)

    def seconds_of(self, date: str) -> float | None:
        """Return an HTTP-date in seconds since the epoch; None if it is malformed. It is in UTC (RFC 9110 §5.6.7)."""
        try:
            read = parsedate_to_datetime(date)
        except ValueError:
            return None
        return read.replace(tzinfo=read.tzinfo or UTC).timestamp()


class Transport:
    """The connections of one configuration.

    It follows no redirects: they would send secrets to another server (RFC 9700 §4.12). It uses the proxies of the
    environment, and ignores its netrc files: they would replace configured credentials.
    """

    def __init__(self, *, ca_file: str | None, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._limit = TimeLimit()
        try:
            trust = ssl.create_default_context(cafile=ca_file) if ca_file else _public_trust()
        except (OSError, ssl.SSLError) as error:
            raise configuration_error(f"ca_file: {error}") from None
        self._client = self.client(trust)

    def client(self, trust: ssl.SSLContext) -> httpx2.Client:
        """Return the httpx2 client with its settings."""
        return httpx2.Client(transport=self.new_connections(trust), trust_env=False, follow_redirects=False)

    def new_connections(self, trust: ssl.SSLContext) -> Connections:
        """Return the connections, to servers and through proxies."""
        return Connections(trust, self._limit, self.proxies())

    def proxies(self) -> Proxies:
        """Return the proxies of the environment."""
        return Proxies()

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        """Send a request, and return its response.

        Raises:
            ClientFailure: kind timeout, transport or protocol; the text contains nothing of the request.
        """
        try:
            with self._limit.exchange(self._timeout_s):
                return self._exchange(method, url, headers, body)
        except httpcore2.TimeoutException:
            raise timeout_error(f"the exchange did not end within {self._timeout_s:g} s") from None
        except httpx2.DecodingError:
            raise protocol_error("the content coding of the response cannot be decoded") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, *_FAILED) as error:
            raise transport_error(f"{type(error).__name__}: the exchange failed") from None

    def most_body(self) -> int:
        """Return the maximum size of a response body, in octets."""
        return MOST_BODY

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Response:
        with self._client.stream(method, url, headers=dict(headers), content=body) as response:
            content = bytearray()
            for chunk in response.iter_bytes():
                content += chunk
                if len(content) > self.most_body():
                    raise protocol_error(f"the response is larger than {self.most_body()} octets", response.status_code)
            return Response(status=response.status_code, headers=tuple(response.headers.multi_items()), body=bytes(content))


_FAILED = (
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
    ssl.SSLError,
)


class Connections(httpx2.BaseTransport):
    """Like the transport of httpx2, with another network backend, for which httpx2 has no parameter."""

    def __init__(self, trust: ssl.SSLContext, network: httpcore2.NetworkBackend, proxies: Proxies) -> None:
        self.trust = trust
        self.network = network
        self.proxies = proxies
        self._lock = threading.Lock()
        self._pools: dict[Proxy | None, httpcore2.ConnectionPool] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request, and return its response.

        Raises:
            ClientFailure: the proxy requires other credentials, or its URL is unusable.
        """
        url = request.url
        port = url.port or {"http": 80, "https": 443}.get(url.scheme, 0)
        proxy = self.proxies.proxy_for(url.scheme, url.host, port)
        target = httpcore2.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        response = self.send(proxy, request, target)
        if proxy is not None and response.status == 407:
            response.close()
            raise transport_error("the proxy requires other credentials (407)")
        return httpx2.Response(
            response.status, headers=response.headers, stream=_Body(response), extensions=response.extensions
        )

    def send(self, proxy: Proxy | None, request: httpx2.Request, target: httpcore2.URL) -> httpcore2.Response:
        """Send a request to its target, through the proxy if there is one."""
        return self._pool(proxy).handle_request(
            httpcore2.Request(
                request.method,
                target,
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )

    def through(self, proxy: Proxy) -> httpcore2.ConnectionPool:
        """Return connections through a proxy: a tunnel for https (RFC 9110 §9.3.6)."""
        credentials = proxy.credentials
        encoded = None if credentials is None else (credentials[0].encode(), credentials[1].encode())
        return httpcore2.HTTPProxy(proxy.url, proxy_auth=encoded, ssl_context=self.trust, network_backend=self.network)

    def _pool(self, proxy: Proxy | None) -> httpcore2.ConnectionPool:
        """Return the connections to servers themselves, or those through a proxy."""
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = (
                    httpcore2.ConnectionPool(ssl_context=self.trust, network_backend=self.network)
                    if proxy is None
                    else self.through(proxy)
                )
            return self._pools[proxy]

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()


class _Body(httpx2.SyncByteStream):
    def __init__(self, response: httpcore2.Response) -> None:
        self._response = response

    def __iter__(self) -> Iterator[bytes]:
        return self._response.iter_stream()

    def close(self) -> None:
        self._response.close()


@cache
def _public_trust() -> ssl.SSLContext:
    """Return the TLS context with the public certificate authorities; loading them takes longer than an exchange."""
    return httpx2.create_ssl_context(trust_env=False)
