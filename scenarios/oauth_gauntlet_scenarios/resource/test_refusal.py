"""Refusals of the resource: when a client renews its token and retries."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, SERVER, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.resource.refused import A_FEW, REFUSALS
from oauth_gauntlet_scenarios.resource.requests import (
    INVALID_TOKEN,
    RESOURCE,
    hold_a_revoked_token,
    issued_tokens,
    resource_requests,
    show_that_requests_are_accepted,
)
from oauth_gauntlet_server import RecordedRequest, Tenant, faults

_MAY_RETRY = quote("RFC 6750 3.1", "The client MAY request a new access token and retry the protected resource request.")

_MISSING = "gauntlet-admin"
"""A scope that no token has whose client did not ask for it."""


def _refuse_once(tenant: Tenant) -> None:
    """Let the resource refuse the first token as invalid, like one that was revoked early."""
    tenant.arm(INVALID_TOKEN, endpoint="resource", times=1)


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
    """Do: the resource answers each of twenty requests with 401 invalid_token.

    Check: at most four requests, not a loop.
    """
    _require_an_end(client, tenant)


@requirement(
    "resource.401-same-token",
    level=INTEROP,
    basis=[
        practice(
            "Some servers return the same token until it expires, also if the resource refuses it. A client that repeats until "
            "it gets another token never ends."
        ),
        _MAY_RETRY,
    ],
    covered_by=["resource.401-persistent"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=["resource", "retry_401"],
    statement="The client does not loop when a renewal gives the token that the resource has just refused.",
)
def test_401_same_token(client: LabClient, tenant: Tenant) -> None:
    """Do: each token response contains the same token; the resource answers each of twenty requests with 401 invalid_token.

    Check: at most four requests, not a loop.
    """
    tenant.arm(faults.token_member("access_token", "the-same-token-again"))
    _require_an_end(client, tenant)


def _require_an_end(client: LabClient, tenant: Tenant) -> None:
    """Send a request that the resource refuses again and again; require that the client gives up."""
    tenant.arm(INVALID_TOKEN, endpoint="resource", times=REFUSALS)
    client.try_request()
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        resources <= A_FEW and tokens <= A_FEW,
        expected=f"at most {A_FEW} requests at the resource, and {A_FEW} token requests",
        seen=f"the client loops: {resources} requests at the resource, and {tokens} token requests, for one call",
    )


# A client may ask for a token with the missing scope, and send the request again (MCP Authorization, "Step-Up Authorization
# Flow"): that is another token.
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

    Check: at most one token request, and one resource request; a few more of both if they are for a token with that scope.
    """
    show_that_requests_are_accepted(client)
    response = client.try_request(f"{tenant.resource_url}/scope/{_MISSING}")
    resources = len(resource_requests(tenant))
    tokens = tenant.journal.count("token")
    wider = sum(_asks_for_the_missing_scope(request) for request in tenant.journal.requests("token"))
    require(
        tokens <= 1 + wider and resources <= 1 + wider <= A_FEW,
        expected="at most one token request, and one request at the resource, unless a token has the missing scope",
        seen=f"{tokens} token requests, {wider} of them with the missing scope, and {resources} at the resource; the "
        f"application got {described(response)}",
    )


def _asks_for_the_missing_scope(request: RecordedRequest) -> bool:
    try:
        return _MISSING in witness.scope_tokens(request)
    except Breach:
        return False  # an assertion that cannot be read asks for nothing


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


@requirement(
    "resource.recovered-token-kept",
    level=INTEROP,
    basis=[
        practice(
            "A client that uses the new token for the repeated request only sends the refused one again with each request: two "
            "requests and a renewal for each call, until the program is started again."
        ),
        _MAY_RETRY,
    ],
    covered_by=["resource.401-renews-once", "resource.revoked-early"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=["resource", "retry_401", "cache"],
    statement="The token that a renewal after a refusal obtained serves the next calls too.",
)
def test_recovered_token_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; revoke the token; use the resource twice; get a token.

    Check: the renewal gives the token of the second request and of get_token, without another token request.
    """
    hold_a_revoked_token(client)
    client.request()
    renewed, tokens = issued_tokens(client)[-1], tenant.journal.count("token")
    before = len(resource_requests(tenant))
    client.request()
    later = resource_requests(tenant)[before:]
    require(
        renewed.encode() in later[0].raw,
        expected="the renewed token in the next request",
        seen="the renewal served one request only: the next one contained another token",
        mark=Mark(text="uthorization"),
    )
    token = client.get_token()
    require(
        tenant.journal.count("token") == tokens,
        expected="no token request after the renewal",
        seen=f"{tenant.journal.count('token') - tokens} more: the renewed token was not kept",
    )
    require(
        token.access_token == renewed,
        expected="the renewed token from get_token",
        seen="get_token still returns the token that the resource has refused",
    )
