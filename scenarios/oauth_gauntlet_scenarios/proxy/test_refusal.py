"""A proxy that refuses: the client goes no other way, and knows whose answer this is."""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports, own_address
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, Variant, practice, requirement, rule
from oauth_gauntlet_scenarios.proxy.proxied import (
    GRANTS,
    PROXY_AND_TLS,
    accepted,
    another_server,
    ask_by_https,
    client_behind,
    open_proxy,
)
from oauth_gauntlet_server import ProxyRefusal, Tenant

_REFUSALS = {
    "forbidden": ProxyRefusal(status=403),
    "like-an-oauth-error": ProxyRefusal(
        status=401, content_type="application/json", body='{"error": "invalid_client", "error_description": "blocked"}'
    ),
    "authentication": ProxyRefusal(status=407),
}


@requirement(
    "proxy.not-bypassed",
    level=INTEROP,
    basis=practice(
        "A proxy filters and records what leaves a network. A client that goes around it breaks the rules of its operator, and "
        "hides that the proxy does not work."
    ),
    grants=GRANTS,
    capabilities=PROXY_AND_TLS,
    statement="If the proxy refuses, or cannot be reached, the client does not send its token request without it.",
    variants=["refused", "unreachable"],
)
def test_not_bypassed(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: get a token through a proxy from a server that can also be reached directly; then the proxy refuses, or is gone.

    Check: the second token request does not arrive at the server.
    """
    host = own_address()
    if host is None:
        untestable("this machine has no address except loopback, and many clients use no proxy for loopback")
    port = ports.open(tls=True, host=host)
    with open_proxy(tenant) as proxy:
        proxy.routes[f"{host}:{port.number}"] = host, port.number
        client = client_behind(another_client, proxy)
        accepted(client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file), proxy)
        if variant.name == "refused":
            proxy.refusal = ProxyRefusal(status=403)
            proxy.close_connections()
        else:
            proxy.close()
        asked, server = len(proxy.requests), another_server(client)
        answer = client.obtain(token_url=port.url_of(server), ca_file=ports.ca_file)
        require(
            not server.journal.count("token"),
            expected="no token request without the proxy",
            seen="the client sent the token request directly to the server after the proxy failed",
        )
        if not isinstance(answer, ErrorInfo) or (variant.name == "refused" and len(proxy.requests) == asked):
            untestable(f"the client sent no second request: {described(answer)}")


@requirement(
    "proxy.refusal-of-the-proxy",
    level=INTEROP,
    basis=[
        practice(
            "A proxy that refuses is an error of the network. Taken for the server's answer, it makes applications discard "
            "credentials that are good."
        ),
        rule(
            "RFC 9110 9.3.6",
            "Any response other than a successful response indicates that the tunnel has not yet been formed.",
        ),
    ],
    grants=[CLIENT_CREDENTIALS],
    capabilities=PROXY_AND_TLS,
    statement="The answer of a proxy that opens no tunnel is reported as an error of the transport, not of the server.",
    variants=_REFUSALS.keys(),
)
def test_refusal_of_the_proxy(another_client: Callable[..., LabClient], tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: get a token through a proxy, which then answers CONNECT with an error.

    Check: the client reports an error, and not that the server answered with an OAuth error.
    """
    with open_proxy(tenant, ports.open(tls=True)) as proxy:
        client = client_behind(another_client, proxy)
        accepted(ask_by_https(client, ports), proxy)
        proxy.refusal = _REFUSALS[variant.name]
        proxy.close_connections()
        answer = ask_by_https(client, ports, another_server(client))
        if not isinstance(answer, ErrorInfo):
            untestable("the client returned a token that it had kept")
        documented(answer)
        require(
            answer.kind is not ErrorKind.OAUTH and answer.oauth_error is None,
            expected=f"an error of the transport: the proxy answered CONNECT with {proxy.refusal.status}",
            seen=f"the answer of the proxy was taken for that of the server: {described(answer)}",
        )
