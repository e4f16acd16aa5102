"""Transport of the token: in one place of the request, unchanged, to one origin only."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet.requirement import MUST, SHOULD, Variant, requirement
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, issued_token, resource_requests
from oauth_gauntlet_server import Tenant, faults


# RFC 6750 §2.1: credentials = "Bearer" 1*SP b64token; "Clients SHOULD make authenticated requests with a
# bearer token using the "Authorization" request header field with the "Bearer" HTTP authorization scheme."
@requirement(
    "resource.bearer-header",
    level=SHOULD,
    source="RFC 6750 2.1",
    capabilities=RESOURCE,
    statement="The client sends the token in the Authorization header, with the Bearer scheme.",
)
def test_bearer_header(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET.

    Check: Authorization is Bearer (in any case) and the token unchanged; the response is 200.
    """
    response = client.request()
    request = resource_requests(tenant)[-1]
    scheme, token = witness.authorization(request)
    require(
        scheme == "bearer" and token == issued_token(client),
        expected=f"Authorization: Bearer {issued_token(client)[:40]}",
        seen=f"Authorization: {request.header('authorization')}",
        mark=Mark(text=request.header("authorization") or "Host"),
    )
    require(response.status == 200, expected="HTTP 200 from the resource for the application", seen=described(response))


# RFC 6750 §2.3: the URI query parameter "SHOULD NOT be used unless it is impossible to transport the access
# token" in another way.
@requirement(
    "resource.not-in-query",
    level=SHOULD,
    source="RFC 6750 2.3, 5.3",
    capabilities=RESOURCE,
    statement="The request URI does not contain the token.",
)
def test_not_in_query(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET. Check: the request target does not contain the token."""
    client.try_request()
    request = resource_requests(tenant)[-1]
    require(
        issued_token(client) not in request.target,
        expected="a request target without the token",
        seen=f"the request target {request.target[:120]}",
        mark=Mark(text=request.target),
    )


# RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
@requirement(
    "resource.one-method",
    level=MUST,
    source="RFC 6750 2",
    capabilities=RESOURCE,
    statement="A request contains the token in one place only.",
)
def test_one_method(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised POST with a form body. Check: the request contains the token once."""
    client.try_request(method="POST", headers={"Content-Type": "application/x-www-form-urlencoded"}, body="gauntlet=1")
    request = resource_requests(tenant)[-1]
    count = request.raw.count(issued_token(client).encode())
    require(count == 1, expected="the access token once in the request", seen=f"{count} times", mark=Mark(text="POST"))


# RFC 9110 §5.5: "CR, LF, and NUL ... dangerous". RFC 6749 Appendix A.12 excludes them from access tokens. A
# server that sends them must not be able to write header fields of the client's next request.
@requirement(
    "resource.header-injection",
    level=MUST,
    source="RFC 9110 5.5, RFC 6750 2.1",
    capabilities=["resource"],
    statement="An access token with line breaks never creates additional header fields.",
    variants={"crlf": "abc\r\nX-Injected: 1", "lf": "abc\nX-Injected: 1", "cr": "abc\rX-Injected: 1"},
)
def test_header_injection(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the access token contains a line break and a header field; then send an authorised request.

    Check: no such field arrives. The client may refuse the token, or refuse to send it.
    """
    tenant.arm(faults.token_member("access_token", variant.value))
    answer = client.try_request()
    for request in tenant.journal.requests("resource"):
        injected = request.header("x-injected") is not None or b"\nX-Injected" in request.raw
        require(
            not injected,
            expected="no request, or one without the injected header field",
            seen=f"a header field X-Injected arrived; the client reported {described(answer)}",
            mark=Mark(text="X-Injected"),
        )
    require(
        tenant.journal.count("resource") > 0 or not isinstance(answer, ResourceResponse),
        expected="no request, or one that a server can parse",
        seen=f"the server could not parse the request and answered {described(answer)}",
    )


# RFC 6750 §5.3: tokens are for their intended recipients; RFC 9110 §15.4: after a redirect to another origin
# the request should not contain the Authorization field.
@requirement(
    "resource.cross-origin-redirect",
    level=SHOULD,
    source="RFC 9110 15.4, RFC 6750 5.3",
    capabilities=["resource"],
    statement="The client does not send the access token to another origin when the resource redirects there.",
    variants={"302": 302, "307": 307},
)
def test_cross_origin_redirect(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource redirects to another origin.

    Check: no request there contains the token, in a header or in the URL.
    """
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
