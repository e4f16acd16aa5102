"""The target of a request: path and host of the configured URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, practice, quote, requirement
from oauth_gauntlet_server import Tenant


@requirement(
    "http.exact-path",
    level=INTEROP,
    basis=practice("A server may have another resource, or none, at a path that differs in case, slash or percent signs."),
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
    client.control()
    client.obtain(token_url=tenant.issuer + variant.value)
    for request in tenant.journal.requests():
        require(
            request.path == wanted,
            expected=f"a request for {wanted}",
            seen=f"a request for {request.path}",
            mark=Mark(text=request.path),
        )
    if tenant.journal.count() == 0:
        untestable("the client sent no request for this token URL")


# The authority contains the port if it is not the scheme's default (RFC 9110 §7.2).
@requirement(
    "http.host",
    level=MUST,
    basis=[
        quote(
            "RFC 9112 3.2",
            "A client MUST send a Host header field (Section 7.2 of [HTTP]) in all HTTP/1.1 request messages.",
        ),
        quote(
            "RFC 9112 3.2",
            "If the target URI includes an authority component, then a client MUST send a field value for Host that is "
            'identical to that authority component, excluding any userinfo subcomponent and its "@" delimiter (Section 4.2 '
            "of [HTTP]).",
        ),
    ],
    statement="An HTTP/1.1 request has one Host header, with host and port of the token URL.",
)
def test_host(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token from a port that is not the default.

    Check: one Host header; its value is the URL's authority.
    """
    client.try_get_token()
    if not client.token_requests():
        untestable("the client sent no token request")
    request = client.token_request()
    found = request.header_values("host")
    authority = urlsplit(tenant.token_url).netloc
    require(
        [value.lower() for value in found] == [authority.lower()] or (not found and request.http_version == "1.0"),
        expected=f"Host: {authority}",
        seen=", ".join(f"Host: {value}" for value in found) or "no Host",
        mark=Mark(text="Host"),
    )
