"""Redirects: no secret reaches another origin or plain http, and a loop ends."""

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


# RFC 9110 §15.4: a user agent that follows a redirect to another origin ought to consider "removing ...
# Authorization". RFC 9700 §4.12 describes the harm of a redirect with credentials. A client may also refuse
# to follow.
@requirement(
    "http.redirect-cross-origin",
    level=SHOULD,
    source="RFC 9110 15.4, RFC 9700 4.12",
    statement="The client sends no secret to another origin when the token endpoint redirects there.",
    variants=_REDIRECTS,
)
def test_redirect_cross_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another origin.

    Check: no secret arrives there, in header, body or URL.
    """
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.try_get_token()
    for request in tenant.journal.requests("other_origin"):
        text = request.raw.decode("latin-1")
        carried = [name for name, secret in _secrets_sent(client).items() if secret and secret in text]
        require(
            not carried and request.header("authorization") is None,
            expected="no request to another origin, or one without secrets",
            seen=f"{', '.join(carried) or 'an Authorization header'} arrived there",
            mark=Mark(text=request.target),
        )


def _secrets_sent(client: LabClient) -> dict[str, str]:
    """Return the secrets of the redirected token request, in their encoding on the wire."""
    found: dict[str, str] = {}
    for request in client.token_requests():
        for pair in request.body.decode("latin-1").split("&"):
            name, _, value = pair.partition("=")
            if name in _SECRETS:
                found[name] = value
    return found


# RFC 9110 §15.4.8, §15.4.9: 307 and 308 keep method and content; 301, 302 and 303 may turn a POST into a GET
# (§15.4.2 to §15.4.4), and its URL must not contain what was in the body (RFC 6749 §2.3.1).
@requirement(
    "http.redirect-same-origin",
    level=INTEROP,
    source="RFC 9110 15.4",
    statement="The client follows a redirect on the same origin as its status requires, or refuses it clearly.",
    variants=_REDIRECTS,
)
def test_redirect_same_origin(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token endpoint redirects to another path.

    Check: a token or a documented error, and no secret in a URL.
    """
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
    statement="A redirect loop ends with an error.",
)
def test_redirect_loop(client: LabClient, tenant: Tenant) -> None:
    """Do: the token endpoint always redirects to itself.

    Check: a documented error after at most 60 requests.
    """
    tenant.arm(faults.fault("redirect", status=307, to="loop"))
    answer = client.try_get_token()
    count = tenant.journal.count("token")
    require(count <= 60, expected='an end of the loop (RFC 9110 §15.4: "detect and intervene")', seen=f"{count} requests")
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)


# RFC 6749 §5.1: a token comes with status 200. A redirect is not a success, whatever its body contains.
@requirement(
    "http.redirect-with-token",
    level=INTEROP,
    source="RFC 6749 5.1, RFC 9110 15.4",
    statement="A redirect with a token document in its body is not a success.",
    variants={"300": 300, "302": 302, "307": 307},
)
def test_redirect_with_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server sends a genuine token document with a 3xx status, without Location.

    Check: a documented error.
    """
    tenant.arm(faults.fault("status", status=variant.value))
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo),
        expected=f"an error: {variant.value} is not a success",
        seen=described(answer),
        mark=Mark(text=f" {variant.value} ", part="response"),
    )
    documented(answer)


# RFC 6749 §3.2: "requests to the token endpoint result in the transmission of clear-text credentials", so it
# requires TLS. RFC 9700 §4.12: redirects with credentials. A client may refuse to follow, or follow without
# secrets.
@requirement(
    "http.downgrade",
    level=SHOULD,
    source="RFC 6749 3.2, 10.9; RFC 9700 4.12",
    parameters=["ca_file"],
    capabilities=["tls"],
    statement="The client sends no secret over plain http when an https token endpoint redirects there.",
    variants={"302": 302, "307": 307, "308": 308},
)
def test_downgrade(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: an https token endpoint redirects to plain http.

    Check: no secret and no Authorization header arrives there.
    """
    port = ports.open(tls=True)
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    for request in tenant.journal.requests("other_origin"):
        carried = leaks(secrets_of(client), [request.raw.decode("latin-1")])
        require(
            not carried and request.header("authorization") is None,
            expected="no request over plain http, or one without secrets",
            seen=f"{', '.join(carried) or 'an Authorization header'} arrived over plain http",
            mark=Mark(text=request.target),
        )
