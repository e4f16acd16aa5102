"""Where a request goes: the very URL that was configured, over the scheme that was configured."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults


# RFC 3986 §6.2.1: URIs are compared as strings; what differs in the path may be another resource.
@requirement(
    "http.exact-path",
    level=INTEROP,
    source="practice; RFC 3986 6.2",
    statement="The path of the token URL is asked for as it was configured.",
    variants={
        "trailing-slash": "/Token/",
        "encoded-slash": "/a%2Fb/token",
        "upper-case": "/OAuth2/TOKEN",
        "semicolon": "/token;v=2",
        "extension": "/token.php",
    },
)
def test_exact_path(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a token URL with an unusual path (the server has nothing there). Check: the request target is that path."""
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


# RFC 9112 §3.2: "A client MUST send a Host header field ... in all HTTP/1.1 request messages", with the authority of the
# target URI, its port included where it is not the scheme's default (RFC 9110 §7.2).
@requirement(
    "http.host",
    level=MUST,
    source="RFC 9112 3.2, RFC 9110 7.2",
    statement="An HTTP/1.1 request has one Host header, with host and port of the token URL.",
)
def test_host(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token from a port that is no default. Check: one Host, its value the URL's authority."""
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


# White space is no part of a URI (RFC 3986 Appendix C: it comes of copying); secrets and passwords may begin or end with it.
@requirement(
    "config.url-whitespace",
    level=INTEROP,
    source="practice; RFC 3986 Appendix C",
    statement="White space around a pasted token URL is left out, or the URL is refused.",
    variants={"space": " {} ", "line-end": "{}\n", "tab": "\t{}"},
)
def test_url_whitespace(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token URL with white space before or behind. Check: the right path is asked for, or nothing."""
    answer = client.obtain(token_url=variant.value.format(tenant.token_url))
    wanted = urlsplit(tenant.token_url).path
    for request in tenant.journal.requests():
        require(
            request.target == wanted,
            expected=f"a request for {wanted}, or a refusal of the URL",
            seen=f"a request for {request.target!r}",
            mark=Mark(text=request.target),
        )
    documented(answer)


# RFC 6749 §3.2: "requests to the token endpoint result in the transmission of clear-text credentials", hence TLS; RFC 9700
# §4.12 on redirects that carry them. Refusing to follow is right, so is following without secrets.
@requirement(
    "http.downgrade",
    level=SHOULD,
    source="RFC 6749 3.2, 10.9; RFC 9700 4.12",
    parameters=["ca_file"],
    capabilities=["tls"],
    statement="Secrets do not follow a redirect from https to plain http.",
    variants={"302": 302, "307": 307, "308": 308},
)
def test_downgrade(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: an https token endpoint redirects to plain http. Check: no secret and no Authorization arrives there."""
    port = ports.open(tls=True)
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    for request in tenant.journal.requests("other_origin"):
        carried = leaks(secrets_of(client), [request.raw.decode("latin-1")])
        require(
            not carried and request.header("authorization") is None,
            expected="no request over plain http, or one without secrets",
            seen=f"there arrived {', '.join(carried) or 'an Authorization header'}, over plain http",
            mark=Mark(text=request.target),
        )


# RFC 6749 §5.1: the token comes with status 200. A redirect is none, whatever its body says.
@requirement(
    "http.redirect-with-token",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 15.4",
    statement="A redirect that carries a token document is no success.",
    variants={"300": 300, "302": 302, "307": 307},
)
def test_redirect_with_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a genuine token document under a 3xx without Location. Check: an error that the client documents."""
    tenant.arm(faults.fault("status", status=variant.value))
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo),
        expected=f"an error: {variant.value} is no success",
        seen=described(answer),
        mark=Mark(text=f" {variant.value} ", part="response"),
    )
    documented(answer)
