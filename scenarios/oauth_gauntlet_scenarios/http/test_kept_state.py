"""State between requests: cookies, caches, idle connections."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, requirement
from oauth_gauntlet_server import Tenant, faults


# RFC 6265 §5.4: a user agent sends cookies back. But another configuration is another client or user.
@requirement(
    "http.cookies",
    level=INTEROP,
    source="practice",
    statement="A cookie that the server set under one configuration is not sent under another.",
)
def test_cookies(client: LabClient, tenant: Tenant) -> None:
    """Do: the token response sets a cookie; configure again, get a token.

    Check: the request does not contain the cookie.
    """
    tenant.arm(faults.fault("header", header="Set-Cookie", value="gauntlet=first-configuration; Path=/", add=True))
    client.get_token()
    client.fresh()
    client.get_token()
    cookie = client.token_request().header("cookie") or ""
    require(
        "first-configuration" not in cookie,
        expected="no cookie of the earlier configuration",
        seen=cookie,
        mark=Mark(text=cookie),
    )


# RFC 9111 §3: POST is cached only under conditions that a token endpoint does not meet; RFC 6749 §5.1 forbids
# storing.
@requirement(
    "http.not-cached",
    level=MUST,
    source="RFC 9111 3, RFC 6749 5.1",
    statement="The client does not reuse a token response from an HTTP cache, whatever its Cache-Control allows.",
)
def test_not_cached(client: LabClient, tenant: Tenant) -> None:
    """Do: Cache-Control allows an hour; configure again, get a token.

    Check: a new token request, and another token.
    """
    tenant.arm(faults.fault("header", header="Cache-Control", value="public, max-age=3600"))
    first = client.get_token()
    client.fresh()
    second = client.get_token()
    require(
        tenant.journal.count("token") > 0 and first.access_token != second.access_token,
        expected="a new token request",
        seen="the token of the earlier response",
    )


# RFC 9112 §9.3.1: a server may close an idle connection at any time, and the client may send its request again
# on a new one.
@requirement(
    "http.connection-reuse",
    level=INTEROP,
    source="RFC 9112 9.3",
    statement="The client gets a token though the server has closed the idle connection.",
)
def test_connection_reuse(client: LabClient, tenant: Tenant) -> None:
    """Do: the server closes the connection after its response, without Connection: close; configure again.

    Check: a token.
    """
    tenant.arm(faults.fault("truncate", octets=1_000_000), times=1)
    client.get_token()
    client.configure()
    client.get_token()
