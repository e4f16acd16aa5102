"""Refusals of the resource: when a client renews its token and retries."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, SERVER, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, resource_requests, show_that_requests_are_accepted
from oauth_gauntlet_server import Tenant, faults

# Some published clients retry twice; that is bounded, and not a loop.
_A_FEW = 4


_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="gauntlet", error="invalid_token"'),)


_MAY_RETRY = quote("RFC 6750 3.1", "The client MAY request a new access token and retry the protected resource request.")


def _refuse_once(tenant: Tenant) -> None:
    """Let the resource refuse the first token as invalid, like one that was revoked early."""
    refusal = faults.http_status(401, '{"error": "invalid_token"}', content_type="application/json", headers=_CHALLENGE)
    tenant.arm(refusal, endpoint="resource", times=1)


@requirement(
    "resource.401-renews-once",
    level=INTEROP,
    basis=[
        practice("Tokens are revoked before they expire; a client that declares a retry is relied on to renew them."),
        _MAY_RETRY,
    ],
    covered_by=["request.one-per-token"],
    capabilities=["resource", "retry_401"],
    statement="When the resource refuses a token as invalid, the client renews it once and retries the request once.",
)
def test_401_renews_once(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET; the resource refuses the first token as invalid.

    Check: one more token request, one retry with the new token, and HTTP 200 for the application.
    """
    show_that_requests_are_accepted(client)
    _refuse_once(tenant)
    response = client.request()
    tokens, resources = tenant.journal.count("token"), tenant.journal.requests("resource")
    # A client may still have the token of the request before, and then asks only for the new one.
    require(
        tokens in {1, 2} and (len(resources), response.status) == (2, 200),
        expected="one token request after the refusal, two requests at the resource, and HTTP 200 for the application",
        seen=f"{tokens} token request(s), {len(resources)} at the resource, and {described(response)}",
    )
    first, second = ((request.header("authorization"), request.target) for request in resources)
    require(
        first != second,
        expected="the new token in the second request",
        seen="the refused token",
        mark=Mark(text="uthorization"),
    )


@requirement(
    "resource.401-persistent",
    level=INTEROP,
    basis=[practice("A client that loops at a resource loads both servers until someone stops it."), _MAY_RETRY],
    capabilities=RESOURCE,
    statement="The client does not loop at a resource that always answers 401.",
)
def test_401_persistent(client: LabClient, tenant: Tenant) -> None:
    """Do: the resource answers every request with 401 invalid_token.

    Check: at most four requests, not a loop.
    """
    tenant.arm(
        faults.http_status(401, '{"error": "invalid_token"}', content_type="application/json", headers=_CHALLENGE),
        endpoint="resource",
    )
    client.try_request()
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        resources <= _A_FEW and tokens <= _A_FEW,
        expected=f"at most {_A_FEW} requests at the resource, and {_A_FEW} token requests",
        seen=f"{resources} requests at the resource, and {tokens} token requests",
    )


@requirement(
    "resource.403-no-renewal",
    level=INTEROP,
    basis=[
        practice("A new token with the same scope does not help, and costs a request each time."),
        rule("RFC 6750 3.1", "The request requires higher privileges than provided by the access token.", binds=SERVER),
    ],
    covered_by=["request.one-per-token"],
    capabilities=RESOURCE,
    statement="After 403 insufficient_scope the client does not request the same token again.",
)
def test_403_no_renewal(client: LabClient, tenant: Tenant) -> None:
    """Do: request a resource that requires a scope which the token lacks.

    Check: at most one token request, and one resource request.
    """
    show_that_requests_are_accepted(client)
    response = client.try_request(f"{tenant.resource_url}/scope/gauntlet-admin")
    resources = len(resource_requests(tenant))
    tokens = tenant.journal.count("token")
    require(
        tokens <= 1 and resources == 1,
        expected="at most one token request, and one request at the resource",
        seen=f"{tokens} token requests and {resources} at the resource; the application got {described(response)}",
    )


@requirement(
    "resource.retry-body",
    level=INTEROP,
    basis=practice("A body that was read once is empty at the retry; the resource then stores nothing, or an empty document."),
    covered_by=["resource.401-renews-once"],
    capabilities=["resource", "retry_401"],
    statement="A retried request contains its whole body.",
)
def test_retry_body(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised POST of 4 KiB; the resource refuses it once.

    Check: the retry contains the same body.
    """
    show_that_requests_are_accepted(client)
    _refuse_once(tenant)
    body = "gauntlet" * 512
    client.request(method="POST", headers={"Content-Type": "text/plain"}, body=body)
    bodies = [request.body.decode("latin-1") for request in tenant.journal.requests("resource")]
    require(
        bodies == [body, body],
        expected="two requests with the whole body of 4096 octets",
        seen=f"bodies of {', '.join(str(len(each)) for each in bodies)} octets",
    )


@requirement(
    "resource.revoked-early",
    level=INTEROP,
    basis=[practice("Servers revoke tokens early (RFC 7009), for example when a user changes the password."), _MAY_RETRY],
    covered_by=["resource.401-renews-once"],
    capabilities=["resource", "retry_401", "auto_refresh"],
    statement="A token that was revoked early is renewed when the resource refuses it.",
)
def test_revoked_early(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; the server revokes all tokens that it issued; use it again.

    Check: HTTP 200 the second time too.
    """
    show_that_requests_are_accepted(client)
    client.try_request()
    for grant in client.grants():
        tenant.revoke(str(grant["access_token"]))
    response = client.request()
    require(response.status == 200, expected="HTTP 200 from the resource, with a new token", seen=described(response))
