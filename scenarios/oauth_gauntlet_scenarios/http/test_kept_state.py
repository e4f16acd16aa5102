"""State between requests: cookies, caches, idle connections."""

from __future__ import annotations

import time

from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import INTEROP, MUST, RECIPIENT, practice, quote, requirement
from oauth_gauntlet_scenarios.another_party import another_party
from oauth_gauntlet_server import Tenant, faults


@requirement(
    "http.cookies",
    level=INTEROP,
    basis=practice("Another configuration is another client or user; a load balancer's or session cookie connects both."),
    statement="A cookie that the server set under one configuration is not sent under another.",
)
def test_cookies(client: LabClient, tenant: Tenant) -> None:
    """Do: the token response sets a cookie; configure again, get a token.

    Check: the request does not contain the cookie.
    """
    client.control()
    tenant.arm(faults.fault("header", header="Set-Cookie", value="gauntlet=first-configuration; Path=/", add=True))
    client.get_token()
    client.fresh(**another_party(client, 2))
    client.get_token()
    cookie = client.token_request().header("cookie") or ""
    require(
        "first-configuration" not in cookie,
        expected="no cookie of the earlier configuration",
        seen=cookie,
        mark=Mark(text=cookie),
    )


# A client may keep tokens by configuration, which is no HTTP cache. Therefore the first token has expired before the client
# is configured again. A cache of tokens that knows no lifetime, or a longer one, would still answer, but not for another party:
# a warning.
@requirement(
    "http.not-cached",
    waits=True,
    level=MUST,
    basis=[
        quote(
            "RFC 9111 4",
            "A cache MUST write through requests with methods that are unsafe (Section 9.2.1 of [HTTP]) to the origin server; "
            "i.e., a cache is not allowed to generate a reply to such a request before having forwarded the request and "
            "having received a corresponding response.",
            binds=RECIPIENT,
        ),
        quote(
            "RFC 9110 9.3.3",
            "In contrast, a POST request cannot be satisfied by a cached POST response because POST is potentially unsafe; "
            "see Section 4 of [CACHING].",
            binds=RECIPIENT,
        ),
    ],
    statement="The client does not reuse a token response from an HTTP cache, whatever its Cache-Control allows.",
)
def test_not_cached(client: LabClient, tenant: Tenant) -> None:
    """Do: Cache-Control allows an hour, the token expires after a second; configure again after that, get a token.

    Check: a new token request, and another token. A client that keeps tokens, and asks for another party, gets a warning.
    """
    client.control(faults.token_member("expires_in", 1))
    cacheable = faults.fault("header", header="Cache-Control", value="public, max-age=3600")
    tenant.arm(faults.all_of(faults.token_member("expires_in", 1), cacheable))
    first = client.get_token()
    time.sleep(1.5)
    client.fresh()
    second = client.get_token()
    if tenant.journal.count("token") and first.access_token != second.access_token:
        return
    client.fresh(**another_party(client, 2))
    third = client.get_token()
    require(
        "cache" in client.hello.capabilities and first.access_token != third.access_token,
        expected="a new token request",
        seen="the token of the earlier response, which allowed a cache to keep it",
    )
    advise(False, expected="a new token request", seen="the expired token of the earlier response")


@requirement(
    "http.connection-reuse",
    level=INTEROP,
    basis=[
        practice("Servers and proxies close idle connections; a request on such a connection is lost."),
        quote("RFC 9112 9.3.1", "Connections can be closed at any time, with or without intention."),
    ],
    platform=True,
    statement="The client gets a token though the server has closed the idle connection.",
)
def test_connection_reuse(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes the connection after its response, without Connection: close; configure again.

    Check: a token.
    """
    client.control()
    tenant.arm(faults.fault("truncate", octets=1_000_000), times=1)
    client.get_token()
    client.configure(**another_party(client, 2))
    client.get_token()


# Whether the client closes the connection as well (the same sentence) is not observable: a socket may be closed later.
@requirement(
    "http.close-announced",
    level=MUST,
    basis=quote(
        "RFC 9112 9.6",
        'A client that receives a "close" connection option MUST cease sending requests on that connection and close the '
        'connection after reading the response message containing the "close" connection option',
    ),
    statement="After Connection: close the client sends its next request on another connection.",
    platform=True,
)
def test_close_announced(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the response says Connection: close, and the server does not close; configure again, get another token.

    Check: both requests came on connections of their own.
    """
    port = ports.open()
    client.control()
    tenant.arm(faults.fault("announced_close"))
    for number in (1, 2):
        client.obtain(token_url=port.url_of(tenant), **another_party(client, number))
    if tenant.journal.count("token") < 2:
        untestable("the client sent fewer than two token requests")
    shared = [record for record in port.connections if record.requests > 1]
    require(
        not shared,
        expected="no request on a connection after Connection: close",
        seen=f"{shared[0].requests} requests on one connection" if shared else "",
        mark=Mark(text="Connection: close", part="response", exchange=0),
    )
