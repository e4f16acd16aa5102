"""The target of a request: path and host of the configured URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_server import Tenant


# RFC 3986 §6.2.1: URIs are compared as strings; a different path may be another resource.
@requirement(
    "http.exact-path",
    level=INTEROP,
    source="practice; RFC 3986 6.2",
    statement="The client requests the path of the token URL exactly as configured.",
    variants={
        "trailing-slash": "/Token/",
        "encoded-slash": "/a%2Fb/token",
        "upper-case": "/OAuth2/TOKEN",
        "semicolon": "/token;v=2",
        "extension": "/token.php",
    },
)
def test_exact_path(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a token URL with an unusual path (no endpoint of the server).

    Check: the request target is that path.
    """
    wanted = urlsplit(tenant.issuer).path + variant.value
    client.obtain(token_url=tenant.issuer + variant.value)
    for request in tenant.journal.requests():
        require(
            request.path == wanted,
            expected=f"a request for {wanted}",
            seen=f"a request for {request.path}",
            mark=Mark(text=request.path),
        )
    require(tenant.journal.count() > 0, expected=f"a request for {wanted}", seen="no request")


# RFC 9112 §3.2: "A client MUST send a Host header field ... in all HTTP/1.1 request messages", with the
# authority of the target URI, with the port if it is not the scheme's default (RFC 9110 §7.2).
@requirement(
    "http.host",
    level=MUST,
    source="RFC 9112 3.2, RFC 9110 7.2",
    statement="An HTTP/1.1 request has one Host header, with host and port of the token URL.",
)
def test_host(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token from a port that is not the default.

    Check: one Host header; its value is the URL's authority.
    """
    client.try_get_token()
    request = client.token_request()
    found = request.header_values("host")
    authority = urlsplit(tenant.token_url).netloc
    require(
        [value.lower() for value in found] == [authority.lower()] or (not found and request.http_version == "1.0"),
        expected=f"Host: {authority}",
        seen=", ".join(f"Host: {value}" for value in found) or "no Host",
        mark=Mark(text="Host"),
    )
