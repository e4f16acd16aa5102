"""Transport of the token: by one method, in the syntax of RFC 6750, not in the URI."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet.requirement import MUST, SHOULD, quote, requirement, rule
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, issued_tokens, resource_requests
from oauth_gauntlet_server import RecordedRequest, Tenant


def _request(client: LabClient, tenant: Tenant) -> RecordedRequest:
    """Return an authorised GET."""
    client.try_request()
    return resource_requests(tenant)[-1]


def _in_query(client: LabClient, request: RecordedRequest) -> bool:
    issued = issued_tokens(client)
    sent = [value for _, value in request.query_pairs]
    return any(token in request.target or token in sent for token in issued)


@requirement(
    "resource.bearer-syntax",
    level=MUST,
    basis=[
        rule(
            "RFC 6750 2.1",
            'When sending the access token in the "Authorization" request header field defined by HTTP/1.1 [RFC2617], the '
            'client uses the "Bearer" authentication scheme to transmit the access token.',
        ),
        rule("RFC 6750 2.1", 'credentials = "Bearer" 1*SP b64token'),
    ],
    capabilities=RESOURCE,
    statement="An Authorization header with the token consists of the scheme Bearer and the token, unchanged.",
)
def test_bearer_syntax(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET. Check: Authorization, if sent, is Bearer (in any case) and the token unchanged."""
    request = _request(client, tenant)
    issued = issued_tokens(client)
    for sent in request.header_values("authorization"):
        scheme, _, token = sent.partition(" ")
        require(
            scheme.lower() == "bearer" and token.lstrip(" ") in issued,
            expected=f"Authorization: Bearer {issued[-1][:40]}",
            seen=f"Authorization: {sent}",
            mark=Mark(text=sent),
        )


@requirement(
    "resource.bearer-header",
    level=SHOULD,
    basis=quote(
        "RFC 6750 2.1",
        'Clients SHOULD make authenticated requests with a bearer token using the "Authorization" request header field '
        'with the "Bearer" HTTP authorization scheme.',
    ),
    covered_by=["resource.bearer-syntax", "resource.not-in-query"],
    capabilities=RESOURCE,
    statement="The client sends the token in the Authorization header, with the Bearer scheme.",
)
def test_bearer_header(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET.

    Check: Authorization is Bearer (in any case) and the token unchanged; the application gets the response 200.
    """
    answer = client.try_request()
    require(
        tenant.journal.count("resource") or not isinstance(answer, ResourceResponse),
        expected="a request at the protected resource before its response",
        seen=f"{described(answer)}, and no request arrived",
    )
    request = resource_requests(tenant)[-1]
    scheme, token = witness.authorization(request)
    require(
        scheme == "bearer" and token in issued_tokens(client),
        expected=f"Authorization: Bearer {issued_tokens(client)[-1][:40]}",
        seen=f"Authorization: {request.header('authorization')}",
        mark=Mark(text=request.header("authorization") or "Host"),
    )
    require(
        isinstance(answer, ResourceResponse) and answer.status == 200,
        expected="HTTP 200 from the resource for the application",
        seen=described(answer),
    )


@requirement(
    "resource.not-in-query",
    level=SHOULD,
    basis=[
        quote(
            "RFC 6750 2.3",
            "Because of the security weaknesses associated with the URI method (see Section 5), including the high likelihood "
            "that the URL containing the access token will be logged, it SHOULD NOT be used unless it is impossible to "
            'transport the access token in the "Authorization" request header field or the HTTP request entity-body.',
        ),
        quote("RFC 6750 5.3", "Bearer tokens SHOULD NOT be passed in page URLs (for example, as query string parameters)."),
    ],
    capabilities=RESOURCE,
    statement="The request URI does not contain the token.",
)
def test_not_in_query(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET. Check: the request target does not contain the token."""
    request = _request(client, tenant)
    require(
        not _in_query(client, request),
        expected="a request target without the token",
        seen=f"the request target {request.target[:120]}",
        mark=Mark(text=request.target),
    )


@requirement(
    "resource.query-no-store",
    level=SHOULD,
    basis=quote(
        "RFC 6750 2.3",
        'Clients using the URI Query Parameter method SHOULD also send a Cache-Control header containing the "no-store" '
        "option.",
    ),
    capabilities=RESOURCE,
    statement="A request with the token in its URI also says Cache-Control: no-store.",
)
def test_query_no_store(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised GET. Check: if the request target contains the token, Cache-Control contains no-store."""
    request = _request(client, tenant)
    sent = ", ".join(request.header_values("cache-control"))
    directives = {part.strip().lower() for part in sent.split(",")}
    require(
        "no-store" in directives or not _in_query(client, request),
        expected="Cache-Control: no-store beside a token in the request URI",
        seen=f"Cache-Control: {sent}" if sent else "no Cache-Control",
        mark=Mark(text=request.target),
    )


@requirement(
    "resource.one-method",
    level=MUST,
    basis=quote("RFC 6750 2", "Clients MUST NOT use more than one method to transmit the token in each request."),
    capabilities=RESOURCE,
    statement="A request contains the token in one place only.",
)
def test_one_method(client: LabClient, tenant: Tenant) -> None:
    """Do: send an authorised POST with a form body. Check: the request contains the token once."""
    client.try_request(method="POST", headers={"Content-Type": "application/x-www-form-urlencoded"}, body="gauntlet=1")
    request = resource_requests(tenant)[-1]
    issued = issued_tokens(client)
    count = sum(request.raw.count(token.encode()) for token in issued)
    if count == 0:
        untestable("the request at the resource does not contain the access token")
    places = {"URI": request.target, "body": request.body.decode("latin-1"), **dict(request.headers)}
    found = ", ".join(place for place, text in places.items() if any(token in text for token in issued))
    require(
        count == 1,
        expected="the access token once in the request",
        seen=f"it is there {count} times: {found}",
        mark=Mark(text="POST"),
    )
