"""Redirects: secrets stay at their origin, and a loop ends."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import Tenant, faults

_REDIRECTS = {"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}


_SECRETS = ("client_secret", "refresh_token", "password", "assertion")


# RFC 9110 §15.4: a user agent that follows a redirect ought to consider "removing ... Authorization" where the origin is
# another; RFC 9700 §4.12 tells what a redirect that carries credentials does. Refusing to follow is right as well.
@requirement(
    "http.redirect-cross-origin",
    level=SHOULD,
    source="RFC 9110 15.4, RFC 9700 4.12",
    statement="Secrets do not follow a redirect of the token endpoint to another origin.",
    variants=_REDIRECTS,
)
def test_redirect_cross_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another origin. Check: no secret arrives there, by header, body or URL."""
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.try_get_token()
    for request in tenant.journal.requests("other_origin"):
        text = request.raw.decode("latin-1")
        carried = [name for name, secret in _secrets_sent(client).items() if secret and secret in text]
        require(
            not carried and request.header("authorization") is None,
            expected="no request to another origin, or one without secrets",
            seen=f"there arrived {', '.join(carried) or 'an Authorization header'}",
            mark=Mark(text=request.target),
        )


def _secrets_sent(client: LabClient) -> dict[str, str]:
    """Return the secrets of the token request that was redirected, as they stood on the wire."""
    found: dict[str, str] = {}
    for request in client.token_requests():
        for pair in request.body.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            if name in _SECRETS:
                found[name] = value
    return found


# RFC 9110 §15.4.8, §15.4.9: 307 and 308 keep method and content; 301, 302 and 303 may turn a POST into a GET (§15.4.2 to
# §15.4.4), which then must not carry in its URL what was in the body (RFC 6749 §2.3.1).
@requirement(
    "http.redirect-same-origin",
    level=INTEROP,
    source="RFC 9110 15.4",
    statement="A redirect on the same origin is followed as its status says, or refused clearly.",
    variants=_REDIRECTS,
)
def test_redirect_same_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another path of its own. Check: a token or a documented error, no secret in a URL."""
    tenant.arm(faults.fault("redirect", status=variant.value))
    answer = client.try_get_token()
    for request in tenant.journal.requests():
        carried = [name for name, secret in _secrets_sent(client).items() if secret and secret in request.target]
        require(
            not carried, expected="no secret in a URL", seen=f"{', '.join(carried)} in the URL", mark=Mark(text=request.target)
        )
    documented(answer)


@requirement(
    "http.redirect-loop",
    level=INTEROP,
    source="RFC 9110 15.4",
    statement="A loop of redirects ends with an error.",
)
def test_redirect_loop(client: LabClient, tenant: Tenant) -> None:
    """Do: the token endpoint redirects to itself, always. Check: a documented error, after at most 60 requests."""
    tenant.arm(faults.fault("redirect", status=307, to="loop"))
    answer = client.try_get_token()
    count = tenant.journal.count("token")
    require(count <= 60, expected='an end of the loop (RFC 9110 §15.4: "detect and intervene")', seen=f"{count} requests")
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)


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
