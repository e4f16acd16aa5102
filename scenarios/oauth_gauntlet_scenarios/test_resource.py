"""Use of the token: how it travels to a protected resource, and what a refusal there leads to."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import INTEROP, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_server import RecordedRequest, Tenant, faults

_RESOURCE = ["resource"]
# Published clients try twice more; that is bounded, and no loop.
_A_FEW = 4
_CHALLENGE = (("WWW-Authenticate", 'Bearer realm="gauntlet", error="invalid_token"'),)


def _resource_requests(tenant: Tenant) -> tuple[RecordedRequest, ...]:
    requests = tenant.journal.requests("resource")
    require(requests, expected="a request at the protected resource", seen="none arrived there")
    return requests


def _issued(client: LabClient) -> str:
    return str(client.grants()[-1]["access_token"])


def _refuse_once(tenant: Tenant) -> None:
    """Let the resource refuse the first token that it sees, as it does one that was revoked early."""
    refusal = faults.http_status(401, '{"error": "invalid_token"}', content_type="application/json", headers=_CHALLENGE)
    tenant.arm(refusal, endpoint="resource", times=1)


# RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; "Clients SHOULD make authenticated requests with a bearer
# token using the "Authorization" request header field with the "Bearer" HTTP authorization scheme."
@requirement(
    "resource.bearer-header",
    level=SHOULD,
    source="RFC 6750 2.1",
    capabilities=_RESOURCE,
    statement="The token travels in the Authorization header, with the Bearer scheme.",
)
def test_bearer_header(client: LabClient, tenant: Tenant) -> None:
    """Do: an authorised GET. Check: Authorization is Bearer (in any case), spaces, the token as issued; the answer is 200."""
    response = client.request()
    request = _resource_requests(tenant)[-1]
    scheme, token = witness.authorization(request)
    require(
        scheme == "bearer" and token == _issued(client),
        expected=f"Authorization: Bearer {_issued(client)[:40]}",
        seen=f"Authorization: {request.header('authorization')}",
        mark=Mark(text=request.header("authorization") or "Host"),
    )
    require(response.status == 200, expected="the resource's 200 for the application", seen=described(response))


# RFC 6750 §2.3: the URI query parameter "SHOULD NOT be used unless it is impossible to transport the access token" in
# another way.
@requirement(
    "resource.not-in-query",
    level=SHOULD,
    source="RFC 6750 2.3, 5.3",
    capabilities=_RESOURCE,
    statement="The token is not in the request URI.",
)
def test_not_in_query(client: LabClient, tenant: Tenant) -> None:
    """Do: an authorised GET. Check: the token is nowhere in the request target."""
    client.try_request()
    request = _resource_requests(tenant)[-1]
    require(
        _issued(client) not in request.target,
        expected="a request target without the token",
        seen=f"the request target {request.target[:120]}",
        mark=Mark(text=request.target),
    )


# RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
@requirement(
    "resource.one-method",
    level=MUST,
    source="RFC 6750 2",
    capabilities=_RESOURCE,
    statement="The token is sent in one way only.",
)
def test_one_method(client: LabClient, tenant: Tenant) -> None:
    """Do: an authorised POST with a form body. Check: the token stands once in the request."""
    client.try_request(method="POST", headers={"Content-Type": "application/x-www-form-urlencoded"}, body="gauntlet=1")
    request = _resource_requests(tenant)[-1]
    count = request.raw.count(_issued(client).encode())
    require(count == 1, expected="the access token once in the request", seen=f"{count} times", mark=Mark(text="POST"))


# RFC 6750 §3.1: on invalid_token "The client MAY request a new access token and retry the protected resource request."
@requirement(
    "resource.401-renews-once",
    level=INTEROP,
    source="RFC 6750 3.1",
    capabilities=["resource", "retry_401"],
    statement="A token that the resource refuses as invalid is renewed once, and the request tried once more.",
)
def test_401_renews_once(client: LabClient, tenant: Tenant) -> None:
    """Do: an authorised GET, whose token the resource refuses as invalid the first time.

    Check: one more token request, one retry with the new token, and the application gets the 200.
    """
    _refuse_once(tenant)
    response = client.request()
    tokens, resources = tenant.journal.count("token"), tenant.journal.requests("resource")
    require(
        (tokens, len(resources), response.status) == (2, 2, 200),
        expected="two token requests, two requests at the resource, and its 200 for the application",
        seen=f"{tokens} token request(s), {len(resources)} at the resource, and {described(response)}",
    )
    first, second = (request.header("authorization") or "" for request in resources)
    require(
        first != second,
        expected="the new token in the second request",
        seen="the refused one",
        mark=Mark(text="uthorization"),
    )


@requirement(
    "resource.401-persistent",
    level=INTEROP,
    source="practice; RFC 6750 3.1",
    capabilities=_RESOURCE,
    statement="A resource that keeps answering 401 is not asked for ever.",
)
def test_401_persistent(client: LabClient, tenant: Tenant) -> None:
    """Do: the resource answers every request with 401 invalid_token. Check: a few requests, not a loop."""
    tenant.arm(
        faults.http_status(401, '{"error": "invalid_token"}', content_type="application/json", headers=_CHALLENGE),
        endpoint="resource",
    )
    client.try_request()
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        resources <= _A_FEW and tokens <= _A_FEW,
        expected=f"at most {_A_FEW} requests at the resource, and {_A_FEW} token requests",
        seen=f"{resources} and {tokens}",
    )


# RFC 6750 §3.1: insufficient_scope: "The request requires higher privileges than provided by the access token." A new
# token of the same scope cannot help.
@requirement(
    "resource.403-no-renewal",
    level=INTEROP,
    source="RFC 6750 3.1",
    capabilities=_RESOURCE,
    statement="403 insufficient_scope is not answered by getting the same token again.",
)
def test_403_no_renewal(client: LabClient, tenant: Tenant) -> None:
    """Do: a resource that wants a scope which the token lacks. Check: one token request, one request at the resource."""
    response = client.try_request(f"{tenant.resource_url}/scope/gauntlet-admin")
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        (tokens, resources) == (1, 1),
        expected="one token request and one request at the resource",
        seen=f"{tokens} and {resources}; the application got {described(response)}",
    )


@requirement(
    "resource.retry-body",
    level=INTEROP,
    source="practice",
    capabilities=["resource", "retry_401"],
    statement="A request that is tried again carries its whole body.",
)
def test_retry_body(client: LabClient, tenant: Tenant) -> None:
    """Do: an authorised POST of 4 KiB, refused the first time. Check: the retry carries the same body."""
    _refuse_once(tenant)
    body = "gauntlet" * 512
    client.request(method="POST", headers={"Content-Type": "text/plain"}, body=body)
    bodies = [request.body.decode("latin-1") for request in tenant.journal.requests("resource")]
    require(
        bodies == [body, body],
        expected="two requests with the whole body of 4096 octets",
        seen=f"bodies of {', '.join(str(len(each)) for each in bodies)} octets",
    )


# RFC 6750 §5.3: tokens are for those they are meant for; RFC 9110 §15.4: a redirect to another origin ought to lose the
# Authorization field.
@requirement(
    "resource.cross-origin-redirect",
    level=SHOULD,
    source="RFC 9110 15.4, RFC 6750 5.3",
    capabilities=["resource"],
    statement="The access token does not follow a redirect of the resource to another origin.",
    variants={"302": 302, "307": 307},
)
def test_cross_origin_redirect(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource redirects to another origin. Check: no request there bears the token, in a header or in the URL."""
    tenant.arm(faults.fault("redirect", status=variant.value, to="other-origin"), endpoint="resource")
    client.try_request()
    for request in tenant.journal.requests("other_origin"):
        places = [request.target, *(value for _, value in request.headers)]
        carried = any(str(grant["access_token"]) in place for grant in client.grants() for place in places)
        require(
            not carried,
            expected="no token at another origin",
            seen="the access token arrived there",
            mark=Mark(text=request.target),
        )
