"""Freedoms with proxies and time zones."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpcore2

from oauth_gauntlet.protocol import Capability
from oauth_gauntlet.reference.proxies import Proxies
from oauth_gauntlet.reference.transport import Connections, Transport
from tests.selftest.freedoms.free import Free


class NoProxies(Free):
    """Uses no proxy, and does not declare it: no document asks for it."""

    undeclared = frozenset({Capability.PROXY})
    reached_by = ("a proxy",)

    class Exchanges(Transport):
        class Direct(Proxies):
            def proxy_for(self, scheme: str, host: str, port: int) -> Any:
                return None

        def proxies(self) -> Proxies:
            return self.Direct()


class LoopbackWithoutProxy(Free):
    """Never uses a proxy for localhost and loopback addresses, as Go does: only a process of this machine answers there."""

    reached_by = ("a proxy",)

    class Exchanges(Transport):
        class Elsewhere(Proxies):
            def is_excluded(self, host: str, port: int) -> bool:
                return host == "localhost" or host.startswith("127.") or super().is_excluded(host, port)

        def proxies(self) -> Proxies:
            return self.Elsewhere()


class _WhenAsked(Connections):
    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.with_credentials = Connections(*parts)

    def through(self, proxy: Any) -> Any:
        return httpcore2.HTTPProxy(proxy.url, ssl_context=self.trust, network_backend=self.network)

    def send(self, proxy: Any, request: Any, target: Any) -> Any:
        try:
            response = super().send(proxy, request, target)
            if response.status != 407:
                return response
            response.close()
        except httpcore2.ProxyError as error:
            if not str(error).startswith("407"):
                raise
        return self.with_credentials.send(proxy, request, target)

    def close(self) -> None:
        super().close()
        self.with_credentials.close()


class ProxyCredentialsWhenAsked(Free):
    """Sends the credentials of the proxy only after 407 (RFC 9110 §11.7.2: "usually, but not necessarily")."""

    reached_by = ("a proxy",)

    class Exchanges(Transport):
        def new_connections(self, trust: Any) -> Connections:
            return _WhenAsked(trust, self._limit, self.proxies())


class _Tunnels(httpcore2.NetworkBackend):
    def __init__(self, network: Any, proxy: Any) -> None:
        self.network = network
        self.proxy = proxy

    def connect_tcp(self, host: str, port: int, *arguments: Any, **named: Any) -> Any:
        there = urlsplit(self.proxy.url)
        stream = self.network.connect_tcp(there.hostname, there.port, *arguments, **named)
        lines = [f"CONNECT {host}:{port} HTTP/1.1", f"Host: {host}:{port}"]
        if self.proxy.credentials is not None:
            encoded = base64.b64encode(":".join(self.proxy.credentials).encode()).decode()
            lines.append(f"Proxy-Authorization: Basic {encoded}")
        stream.write("\r\n".join([*lines, "", ""]).encode())
        answer = b""
        while b"\r\n\r\n" not in answer:
            octets = stream.read(65536)
            if not octets:
                break
            answer += octets
        if answer[9:10] != b"2":
            stream.close()
            raise httpcore2.ProxyError("the proxy opens no tunnel")
        return stream


class _Tunnelled(Connections):
    def through(self, proxy: Any) -> Any:
        return httpcore2.ConnectionPool(ssl_context=self.trust, network_backend=_Tunnels(self.network, proxy))


class TunnelForPlainHttp(Free):
    """Opens a tunnel for plain http too, as undici does: CONNECT is for any port (RFC 9110 §9.3.6)."""

    reached_by = ("a proxy",)

    class Exchanges(Transport):
        def new_connections(self, trust: Any) -> Connections:
            return _Tunnelled(trust, self._limit, self.proxies())


class AwareLocalTimes(Free):
    """Computes the expiry as local time with its offset: the same instant as in UTC."""

    reached_by = ("another time zone",)

    def is_fresh(self, held: Any) -> bool:
        if held.expires_at is None:
            return True
        received = datetime.fromtimestamp(held.received_at).astimezone()
        ends = received + timedelta(seconds=held.expires_at - held.received_at)
        now = datetime.fromtimestamp(self.now()).astimezone()
        return now.timestamp() < ends.timestamp() - self.leeway_s(held.expires_at - held.received_at)
