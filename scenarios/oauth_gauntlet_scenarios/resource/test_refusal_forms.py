"""The forms of a refusal: which of them a client that retries has to understand, and which it may."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    RECIPIENT,
    REFRESH_TOKEN,
    SERVER,
    USER_AGENT,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.resource.refusal_forms import FREE, OF_SCOPE, SPELLED, refusal
from oauth_gauntlet_scenarios.resource.refused import REFUSALS, require_bounded_and_usable
from oauth_gauntlet_scenarios.resource.requests import RESOURCE, resource_requests, show_that_requests_are_accepted
from oauth_gauntlet_server import Tenant


# Each of these is one legal spelling of what resource.401-renews-once asks.
@requirement(
    "resource.challenge-spelling",
    level=INTEROP,
    basis=[
        practice("Gateways add challenges of their own, and servers write the same challenge in many ways."),
        quote(
            "RFC 9110 11.6.1",
            "User agents are advised to take special care in parsing the field value, as it might contain more than one"
            " challenge",
            binds=USER_AGENT,
        ),
        rule("RFC 9110 11.2", 'Parameter values can be expressed either as "token" or as "quoted-string"', binds=RECIPIENT),
        quote("RFC 6750 3.1", "The client MAY request a new access token and retry the protected resource request."),
    ],
    covered_by=["resource.401-renews-once", "request.one-per-token"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=["resource", "retry_401"],
    statement="A client that renews its token after 401 invalid_token does so however the challenge is written.",
    variants={name: list(fields) for name, fields in SPELLED.items()},
)
def test_challenge_spelling(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource refuses the first token with 401 invalid_token, in a legal spelling of the challenge.

    Check: HTTP 200 for the application, with another token.
    """
    show_that_requests_are_accepted(client)
    tenant.arm(refusal(401, *variant.value), endpoint="resource", times=1)
    answer = client.request()
    fields = " and ".join(f"WWW-Authenticate: {value}" for value in variant.value)
    mark = Mark(text="WWW-Authenticate", part="response")
    require(
        answer.status == 200,
        expected=f"a renewal after 401 with {fields}, and HTTP 200 for the application",
        seen=f"{described(answer)}: the client did not find error invalid_token in the challenge",
        mark=mark,
    )
    sent = {request.header("authorization") or request.target for request in resource_requests(tenant)}
    require(len(sent) == 2, expected="the new token in the second request", seen="the refused token", mark=mark)


# A client may renew its token here, or not: RFC 6750 3.1 and RFC 9110 15.5.2 say MAY.
@requirement(
    "resource.refusal-forms",
    level=INTEROP,
    basis=[
        practice(
            "Resources refuse tokens without a reason, with a page for people, or only for some seconds after they were issued."
            " A client that expects one form crashes, one that asks again and again is blocked, and one that forgets its grant"
            " has no access any more."
        ),
        quote(
            "RFC 9110 15.5.2",
            "The user agent MAY repeat the request with a new or replaced Authorization header field",
            binds=USER_AGENT,
        ),
    ],
    covered_by=["resource.401-persistent", "resource.bearer-header", "request.one-per-token"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=RESOURCE,
    statement="A refusal of any form ends in an answer for the application, and the next request is sent again.",
    variants=FREE,
)
def test_refusal_forms(client: LabClient, variant: Variant) -> None:
    """Do: the resource refuses every request in this form; later it accepts the next one.

    Check: a response with the status, or a documented error; at most four requests at each server; then HTTP 200.
    """
    require_bounded_and_usable(client, variant.value, f"a refusal of the form {variant.name}")


@requirement(
    "resource.403-spelling",
    level=INTEROP,
    basis=[
        practice("A new token with the same scope does not help, and costs a request each time."),
        rule("RFC 6750 3.1", "The request requires higher privileges than provided by the access token.", binds=SERVER),
    ],
    covered_by=["resource.403-no-renewal", "request.one-per-token"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=RESOURCE,
    statement="After 403 insufficient_scope the client requests no other token, however the challenge is written.",
    variants={name: list(fields) for name, fields in OF_SCOPE.items()},
)
def test_403_spelling(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the resource answers every request with 403 insufficient_scope, in a legal spelling.

    Check: at most one token request, and one request at the resource.
    """
    show_that_requests_are_accepted(client)
    tenant.arm(refusal(403, *variant.value), endpoint="resource", times=REFUSALS)
    answer = client.try_request()
    resources, tokens = len(resource_requests(tenant)), tenant.journal.count("token")
    require(
        tokens <= 1 and resources == 1,
        expected="at most one token request, and one at the resource: another token with the same scope does not help",
        seen=f"the client renewed its token, or repeated the request, because a scope is missing: {tokens} token requests and "
        f"{resources} at the resource; the application got {described(answer)}",
        mark=Mark(text="WWW-Authenticate", part="response"),
    )
