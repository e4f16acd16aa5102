"""Bugs with the proxies that the environment names."""

import base64
from dataclasses import replace
from typing import Any

import httpcore2

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.proxies import Proxies
from oauth_gauntlet.reference.transport import Connections, Response, Transport
from tests.selftest.bugs.broken import Broken


class _Behind(Broken):
    """A bug that shows behind a proxy only."""

    reached_by = ("a proxy",)


class ProxyIgnored(_Behind):
    """Uses no proxy, although it is declared."""

    seen_in = ("lelylan/simple-oauth2#251", "tinyauthapp/tinyauth#998", "SecureAuthCorp/oauth2c#62")

    class Exchanges(Transport):
        class Direct(Proxies):
            def proxy_for(self, scheme: str, host: str, port: int) -> Any:
                return None

        def proxies(self) -> Proxies:
            return self.Direct()


class HttpsProxyIgnored(_Behind):
    """Uses a proxy for plain http only."""

    class Exchanges(Transport):
        class PlainOnly(Proxies):
            def proxy_for(self, scheme: str, host: str, port: int) -> Any:
                return super().proxy_for(scheme, host, port) if scheme == "http" else None

        def proxies(self) -> Proxies:
            return self.PlainOnly()


class NoProxyIgnored(_Behind):
    """Uses the proxy for hosts that NO_PROXY names."""

    class Exchanges(Transport):
        class Always(Proxies):
            def is_excluded(self, host: str, port: int) -> bool:
                return False

        def proxies(self) -> Proxies:
            return self.Always()


class ProxyPasswordNotDecoded(_Behind):
    """Sends the credentials of the proxy as they stand in its URL, percent-encoded."""

    class Exchanges(Transport):
        class Raw(Proxies):
            def credentials(self, user: str | None, password: str | None) -> tuple[str, str] | None:
                return None if user is None else (user, password or "")

        def proxies(self) -> Proxies:
            return self.Raw()


class ProxyCredentialsForTheServer(_Behind):
    """Sends the credentials of the proxy to the server too, in the tunnel."""

    seen_in = ("yhirose/cpp-httplib#2579", "lightbody/browsermob-proxy#754")

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            proxy = self.proxies().proxy_for(url.partition(":")[0], "idp.test", 443)
            if proxy is not None and proxy.credentials is not None:
                encoded = base64.b64encode(":".join(proxy.credentials).encode()).decode()
                headers = {**headers, "Proxy-Authorization": f"Basic {encoded}"}
            return super().send(method, url, headers, body)


class _ToldToTheProxy(Connections):
    def send(self, proxy: Any, request: Any, target: Any) -> Any:
        self.told = [(b"Authorization", request.headers["authorization"].encode())]
        return super().send(proxy, request, target)

    def through(self, proxy: Any) -> Any:
        return httpcore2.HTTPProxy(
            proxy.url,
            proxy_auth=proxy.credentials,
            proxy_headers=self.told,
            ssl_context=self.trust,
            network_backend=self.network,
        )


class ClientSecretInConnect(_Behind):
    """Sends the Authorization field of the token request in CONNECT too."""

    seen_in = ("AsyncHttpClient/async-http-client#2234",)

    class Exchanges(Transport):
        def new_connections(self, trust: Any) -> Connections:
            return _ToldToTheProxy(trust, self._limit, self.proxies())


class _Forwarded(Connections):
    def send(self, proxy: Any, request: Any, target: Any) -> Any:
        if proxy is not None and target.scheme == b"https":
            # An http target, so that no tunnel is opened; its request target is the https URL.
            target = httpcore2.URL(scheme=b"http", host=target.host, port=target.port, target=bytes(target))
        return super().send(proxy, request, target)


class HttpsRequestToTheProxy(_Behind):
    """Sends a request for an https URL to the proxy in clear, without CONNECT."""

    class Exchanges(Transport):
        def new_connections(self, trust: Any) -> Connections:
            return _Forwarded(trust, self._limit, self.proxies())


class _LikeAServer(Connections):
    def send(self, proxy: Any, request: Any, target: Any) -> Any:
        if proxy is not None and target.scheme == b"http":
            there = httpcore2.URL(proxy.url)
            target = httpcore2.URL(scheme=b"http", host=there.host, port=there.port, target=target.target)
            proxy = None
        return super().send(proxy, request, target)


class PathToTheProxy(_Behind):
    """Sends only the path of the URL to the proxy, as to a server."""

    class Exchanges(Transport):
        def new_connections(self, trust: Any) -> Connections:
            return _LikeAServer(trust, self._limit, self.proxies())


class GoesAroundTheProxy(_Behind):
    """Sends the request directly if the proxy fails."""

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            try:
                return super().send(method, url, headers, body)
            except ClientFailure as failure:
                if failure.error.kind != "transport":
                    raise
                direct = ProxyIgnored.Exchanges(ca_file=None, timeout_s=self._timeout_s)
                direct._client.close()
                direct._client = direct.client(self.trusted)
                try:
                    return direct.send(method, url, headers, body)
                finally:
                    direct.close()

        def client(self, trust: Any) -> Any:
            self.trusted = trust
            return super().client(trust)


class ProxyTakenForTheServer(_Behind):
    """Takes any answer to CONNECT for the server's refusal of the client."""

    class Exchanges(Transport):
        def _exchange(self, method: str, url: str, headers: Any, body: Any) -> Response:
            try:
                return super()._exchange(method, url, headers, body)
            except httpcore2.ProxyError:
                content = (("Content-Type", "application/json"),)
                return Response(status=401, headers=content, body=b'{"error": "invalid_client"}')


class ProxyUrlInErrors(_Behind):
    """Names the proxy in its errors by the whole URL, with the password."""

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            try:
                return super().send(method, url, headers, body)
            except ClientFailure as failure:
                named = f"{failure.error.message}, through {self.proxies().variables.get('http')}"
                raise ClientFailure(replace(failure.error, message=named)) from None
