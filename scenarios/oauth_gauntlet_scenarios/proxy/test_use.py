"""When a proxy is used, and what is sent to it. Its variables have no standard; most HTTP stacks read the same ones."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, usable
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    MUST,
    UNSAFE,
    damage,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.proxy.proxied import (
    GRANTS,
    PROXY,
    PROXY_AND_TLS,
    accepted,
    ask_by_http,
    ask_by_https,
    client_behind,
    open_proxy,
    url_behind,
    used,
)
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import PROXIED_HOST, Tenant

_USUAL = practice("In many companies a proxy is the only way out. A client that does not use it does not reach the server.")


@requirement(
    "proxy.used",
    level=INTEROP,
    basis=_USUAL,
    grants=GRANTS,
    capabilities=PROXY,
    covered_by=["proxy.absolute-form"],
    statement="A token request by plain http goes to the proxy that HTTP_PROXY names.",
)
def test_used(another_client: Callable[..., LabClient], tenant: Tenant) -> None:
    """Do: start the client with a proxy, and a token endpoint at a host that only the proxy knows; get a token.

    Check: the request arrives at the proxy, and the application gets the token.
    """
    with open_proxy(tenant) as proxy:
        answer = ask_by_http(client_behind(another_client, proxy))
        used(proxy, answer)
        usable(answer)


@requirement(
    "proxy.used-https",
    level=INTEROP,
    basis=_USUAL,
    grants=GRANTS,
    capabilities=PROXY_AND_TLS,
    covered_by=["proxy.https-tunnelled", "proxy.used", "tls.trusted-works"],
    statement="A token request by https goes through the proxy that HTTPS_PROXY names.",
)
def test_used_https(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports) -> None:
    """Do: as with proxy.used, by https. Check: CONNECT arrives at the proxy, and the application gets the token."""
    with open_proxy(tenant, ports.open(tls=True)) as proxy:
        answer = ask_by_https(client_behind(another_client, proxy), ports)
        used(proxy, answer)
        usable(answer)


@requirement(
    "proxy.absolute-form",
    level=MUST,
    basis=quote(
        "RFC 9112 3.2.2",
        "When making a request to a proxy, other than a CONNECT or server-wide OPTIONS request (as detailed below), a client "
        'MUST send the target URI in "absolute-form" as the request-target.',
    ),
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY,
    statement="The request target of a token request to a proxy is the whole URL.",
    platform=True,
)
def test_absolute_form(another_client: Callable[..., LabClient], tenant: Tenant) -> None:
    """Do: get a token by plain http through a proxy. Check: the request target is the token URL, or CONNECT opens a tunnel."""
    with open_proxy(tenant) as proxy:
        ask_by_http(client_behind(another_client, proxy))
        if not proxy.requests:
            untestable("no request arrived at the proxy")
        for request in proxy.requests:
            require(
                request.method == "CONNECT" or urlsplit(request.target).hostname == PROXIED_HOST,
                expected=f"the request target {url_behind(tenant, 'http')}",
                seen=f"the request target is not the whole URL: {request.method} {request.target}",
            )


@requirement(
    "proxy.https-tunnelled",
    level=MUST,
    basis=[
        quote(
            "RFC 9110 4.2.2",
            'A client MUST ensure that its HTTP requests for an "https" resource are secured, prior to being communicated, and '
            "that it only accepts secured responses to those requests.",
        ),
        quote(
            "RFC 9112 3.2.3",
            "When making a CONNECT request to establish a tunnel through one or more proxies, a client MUST send only the host "
            "and port of the tunnel destination as the request-target.",
        ),
    ],
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY_AND_TLS,
    statement="For an https URL the proxy gets CONNECT with host and port, and nothing of the token request in clear.",
    platform=True,
)
def test_https_tunnelled(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports) -> None:
    """Do: get a token by https through a proxy. Check: each request at the proxy is CONNECT with host and port."""
    with open_proxy(tenant, ports.open(tls=True)) as proxy:
        ask_by_https(client_behind(another_client, proxy), ports)
        if not proxy.requests:
            untestable("no request arrived at the proxy")
        for request in proxy.requests:
            require(
                request.method == "CONNECT",
                expected="CONNECT only, and the token request encrypted in the tunnel",
                seen=f"the token request for an https URL was sent to the proxy in clear: {request.method} {request.target}",
            )
            require(
                request.target == f"{PROXIED_HOST}:443",
                expected=f"CONNECT {PROXIED_HOST}:443",
                seen=f"the target of CONNECT is not host and port: {request.target}",
            )


@requirement(
    "proxy.connect-without-secrets",
    level=UNSAFE,
    basis=damage("The client secret, readable by the proxy and by everybody on the way to it."),
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY_AND_TLS,
    statement="The CONNECT request to a proxy contains no credentials of the client.",
    platform=True,
)
def test_connect_without_secrets(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports) -> None:
    """Do: get a token by https through a proxy. Check: no field of CONNECT contains a secret of the client."""
    with open_proxy(tenant, ports.open(tls=True)) as proxy:
        client = client_behind(another_client, proxy)
        accepted(ask_by_https(client, ports), proxy)
        for request in proxy.requests:
            for name, value in request.headers:
                leaked = leaks(secrets_of(client), [value]) if request.method == "CONNECT" else []
                require(
                    not leaked,
                    expected="CONNECT without credentials of the client",
                    seen=f"the field {name} of CONNECT, which is not encrypted, contains: {', '.join(leaked)}",
                )


@requirement(
    "proxy.no-proxy",
    level=INTEROP,
    basis=practice("Internal servers are excluded by NO_PROXY: the proxy does not reach them, or must not see their tokens."),
    grants=GRANTS,
    capabilities=PROXY,
    statement="A host that NO_PROXY names is asked without the proxy.",
)
def test_no_proxy(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports) -> None:
    """Do: NO_PROXY names an address of this machine; get a token through the proxy, then at this address.

    Check: the second request does not arrive at the proxy, and the application gets the token.
    """
    direct = ports.open_beyond_loopback()
    host = urlsplit(direct.url).hostname or ""
    with open_proxy(tenant) as proxy:
        client = client_behind(another_client, proxy, no_proxy=f"other.test,{host}")
        accepted(ask_by_http(client), proxy)
        before = len(proxy.requests)
        answer = client.obtain(token_url=direct.url_of(tenant))
        later = proxy.requests[before:]
        require(
            not later,
            expected=f"a request to {host} itself, which NO_PROXY names",
            seen=f"NO_PROXY is ignored: the proxy got {later[0].method} {later[0].target}" if later else "",
        )
        usable(answer)
