"""Start the client with a proxy in its environment, and let it reach a host that only the proxy knows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, JWT_BEARER, REFRESH_TOKEN
from oauth_gauntlet_server import PROXIED_HOST, ForwardProxy, Port, Tenant

GRANTS = [CLIENT_CREDENTIALS, REFRESH_TOKEN, JWT_BEARER]
"""Clients send these with other code, and many have only one of them."""

PROXY = ["proxy"]
PROXY_AND_TLS = ["proxy", "tls"]

USER = "gauntlet-proxy-user"


@contextmanager
def open_proxy(tenant: Tenant, tls: Port | None = None) -> Iterator[ForwardProxy]:
    """Open a proxy that knows `PROXIED_HOST`: the mock server by http and, with the port `tls`, by https."""
    routes = {f"{PROXIED_HOST}:80": ("127.0.0.1", urlsplit(tenant.token_url).port or 80)}
    if tls is not None:
        routes[f"{PROXIED_HOST}:443"] = ("127.0.0.1", tls.number)
    with ForwardProxy(routes) as proxy:
        yield proxy


def client_behind(
    another_client: Callable[..., LabClient], proxy: ForwardProxy, *, password: str = "", no_proxy: str = ""
) -> LabClient:
    """Start the client with this proxy for http and https; every variable is set in lower case and in upper case.

    `password`: that of `USER` in the URL of the proxy, percent-encoded there. `no_proxy`: the value of NO_PROXY.
    """
    credentials = f"{USER}:{quote(password, safe='')}@" if password else ""
    url = proxy.url.replace("//", f"//{credentials}")
    variables = {"http_proxy": url, "https_proxy": url, **({"no_proxy": no_proxy} if no_proxy else {})}
    return another_client(variables | {name.upper(): value for name, value in variables.items()})


def url_behind(tenant: Tenant, scheme: str) -> str:
    """Return the token URL at the host that only the proxy knows."""
    return f"{scheme}://{PROXIED_HOST}{urlsplit(tenant.token_url).path}"


def another_server(client: LabClient) -> Tenant:
    """Return an authorization server that the client has no token of, whatever it keeps its tokens by."""
    return client.at_another_tenant().tenant


def ask_by_http(client: LabClient, server: Tenant | None = None) -> Token | ErrorInfo:
    """Ask for a token at the host behind the proxy; not applicable if the client sends no plain http there."""
    answer = client.obtain(token_url=url_behind(server or client.tenant, "http"))
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG:
        pytest.skip(f"the client sends no plain http to a host beyond loopback: {described(answer)}")
    return answer


def ask_by_https(client: LabClient, ports: Ports, server: Tenant | None = None) -> Token | ErrorInfo:
    """Ask for a token by https at the host behind the proxy."""
    return client.obtain(token_url=url_behind(server or client.tenant, "https"), ca_file=ports.ca_file)


def accepted(answer: Token | ErrorInfo, proxy: ForwardProxy) -> None:
    """Take the answer as a control: the client got a token, and through the proxy; otherwise the scenario is untestable."""
    if not isinstance(answer, Token) or not proxy.requests:
        how = "through the proxy" if proxy.requests else "that does not use the proxy"
        untestable(f"the client gets no token through a proxy that works: {described(answer)}, for a request {how}")


def used(proxy: ForwardProxy, answer: object) -> None:
    """Check that a request arrived at the proxy."""
    require(
        proxy.requests,
        expected="the token request at the proxy that the environment names",
        seen=f"no request arrived at the proxy: the client does not use it; it reported {described(answer)}",
    )
