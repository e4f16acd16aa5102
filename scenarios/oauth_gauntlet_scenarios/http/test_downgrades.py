"""Redirects from https to plain http: no secret is sent there."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import INTEROP, MUST, REFRESH_TOKEN, SERVER, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.secrets_of import leaks, secrets_of
from oauth_gauntlet_server import RecordedRequest, Tenant, faults

_DOWNGRADES = {"302": 302, "307": 307, "308": 308}


# A client may refuse to follow, or follow without the refresh token, as a 302 leads it to: it then sends a GET.
@requirement(
    "http.downgrade-refresh-token",
    level=MUST,
    basis=quote(
        "RFC 6749 10.4",
        "Refresh tokens MUST only be transmitted using TLS as described in Section 1.6 with server authentication as "
        "defined by [RFC2818].",
    ),
    grants=[REFRESH_TOKEN],
    parameters=["ca_file"],
    capabilities=["tls"],
    statement="A refresh token does not follow a redirect from https to plain http.",
    variants=_DOWNGRADES,
    platform=True,
)
def test_downgrade_refresh_token(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: an https token endpoint redirects to plain http. Check: no refresh token arrives there."""
    for request, carried in _over_plain_http(client, tenant, ports, variant):
        require(
            "refresh_token" not in carried,
            expected="no request over plain http, or one without the refresh token",
            seen="the refresh token arrived over plain http",
            mark=Mark(text="refresh_token=" if b"refresh_token=" in request.body else request.target),
        )


# RFC 6749 3.2 and 2.3.1 oblige the server to use TLS. The server itself sends the client to plain http, so not unsafe.
@requirement(
    "http.downgrade",
    level=INTEROP,
    basis=[
        practice("Everyone on the way reads the client's secret, password or assertion."),
        quote(
            "RFC 6749 3.2",
            "the authorization server MUST require the use of TLS as described in Section 1.6 when sending requests to the "
            "token endpoint",
            binds=SERVER,
        ),
    ],
    parameters=["ca_file"],
    capabilities=["tls"],
    covered_by=["http.downgrade-refresh-token"],
    statement="The client sends no secret over plain http when an https token endpoint redirects there.",
    variants=_DOWNGRADES,
    platform=True,
)
def test_downgrade(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: an https token endpoint redirects to plain http. Check: no secret and no Authorization header arrives there."""
    for request, carried in _over_plain_http(client, tenant, ports, variant):
        require(
            not carried and request.header("authorization") is None,
            expected="no request over plain http, or one without secrets",
            seen=f"{', '.join(carried) or 'an Authorization header'} arrived over plain http",
            mark=Mark(text=request.target),
        )


def _over_plain_http(
    client: LabClient, tenant: Tenant, ports: Ports, variant: Variant
) -> Iterator[tuple[RecordedRequest, list[str]]]:
    """Redirect an https token request to plain http, and yield each request that arrives there with the secrets in it."""
    port = ports.open(tls=True)
    # Without allow_http: a client that was told that plain http is intended may use it.
    client.control(token_url=port.url_of, ca_file=ports.ca_file, allow_http=None)
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"))
    client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file, allow_http=None)
    for request in tenant.journal.requests("other_origin"):
        yield request, leaks(secrets_of(client), [request.raw.decode("latin-1")])
