"""After an error: no useless retry, and the client keeps nothing of the failure."""

from __future__ import annotations

import json
from contextlib import suppress

from oauth_gauntlet.checks import StillWaits, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    JWT_BEARER,
    PASSWORD,
    REFRESH_TOKEN,
    SERVER,
    UNSAFE,
    USER_AGENT,
    Variant,
    damage,
    practice,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.error.application_error import error_of
from oauth_gauntlet_server import Tenant, faults

_TOKEN_OF_A_FAILURE = "token-of-a-failure"
_FAILURE = faults.http_status(
    400,
    json.dumps({"error": "invalid_request", "access_token": _TOKEN_OF_A_FAILURE, "token_type": "Bearer", "expires_in": 3600}),
    content_type="application/json",
)


@requirement(
    "error.invalid-grant-final",
    level=INTEROP,
    basis=[
        practice("A retry cannot succeed, and servers lock an account or end a session after repeated failures."),
        quote(
            "RFC 6749 5.2",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is"
            " invalid, expired, revoked",
            binds=SERVER,
        ),
    ],
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    statement="The client does not retry after invalid_grant.",
)
def test_invalid_grant_final(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers every token request with 400 invalid_grant.

    Check: one request, then an error.
    """
    client.control()
    tenant.arm(faults.oauth_error("invalid_grant"))
    error_of(client.try_get_token())
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


# A second request that differs is no repetition: some clients try another authentication method, or leave the scope out.
# invalid_client and invalid_grant: auth.401-not-looped, error.invalid-grant-final.
@requirement(
    "error.final-not-repeated",
    level=INTEROP,
    basis=practice("A server refuses the same request in the same way; one that limits its load blocks a client in a loop."),
    covered_by=["error.invalid-grant-final"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    statement="The client does not send the same request again by itself after 400 with an error code.",
    variants={
        "invalid-request": "invalid_request",
        "unauthorized-client": "unauthorized_client",
        "unsupported-grant-type": "unsupported_grant_type",
        "invalid-scope": "invalid_scope",
        "invalid-target": "invalid_target",
        "unheard-of": "gauntlet_unheard_of",
    },
)
def test_final_not_repeated(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers every token request with 400 and the code; get a token once.

    Check: an error; no request that equals an earlier one in Authorization and body.
    """
    client.control()
    tenant.arm(faults.oauth_error(variant.value))
    error_of(client.try_get_token())
    requests = tenant.journal.requests("token")
    different = {(request.header("authorization"), request.body) for request in requests}
    require(
        len(different) == len(requests),
        expected=f"no request again that was refused with {variant.value}",
        seen=f"the client repeated a refused request by itself: {len(requests)} token requests in one call, where"
        f" {len(different)} would do",
        mark=Mark(text=variant.value, part="response"),
    )


# "Ought to" is no SHOULD. No retry at all is accepted.
@requirement(
    "error.retry-after",
    level=INTEROP,
    basis=[
        practice("Servers that limit their load block clients that repeat a request too early."),
        quote(
            "RFC 9110 10.2.3",
            'Servers send the "Retry-After" header field to indicate how long the user agent ought to wait before making a'
            " follow-up request.",
            binds=USER_AGENT,
        ),
    ],
    statement="The client does not retry immediately after 429 or 503 with Retry-After.",
    variants={"429": 429, "503": 503},
)
def test_retry_after(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 429 or 503 with Retry-After: 120.

    Check: one request, and then an error or a wait that is longer than this scenario.
    """
    client.control()
    tenant.arm(
        faults.http_status(variant.value, "Too many requests", content_type="text/plain", headers=(("Retry-After", "120"),))
    )
    with suppress(StillWaits):
        error_of(client.try_get_token())
    count = tenant.journal.count("token")
    require(
        count == 1,
        expected="one token request: Retry-After is 120 s",
        seen=f"{count} token requests",
        mark=Mark(text="Retry-After", part="response"),
    )


@requirement(
    "error.no-token-afterwards",
    level=UNSAFE,
    basis=damage("A token that came with a failure is used later, although the server rejected the request."),
    covered_by=["error.400-with-token"],
    statement="The client keeps no token of a failed response.",
)
def test_no_token_afterwards(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 with an error and a token in the body; then it answers correctly.

    Check: the second call does not return the token of the first response.
    """
    client.control()
    tenant.arm(_FAILURE, times=1)
    client.try_get_token()
    answer = client.try_get_token()
    require(
        isinstance(answer, ErrorInfo) or answer.access_token != _TOKEN_OF_A_FAILURE,
        expected="a token of the second response",
        seen="the token of the failed response",
        mark=Mark(text=_TOKEN_OF_A_FAILURE, part="response", exchange=0),
    )


@requirement(
    "error.works-afterwards",
    level=INTEROP,
    basis=practice("A server recovers; an application that has to be restarted for that does not."),
    covered_by=["error.no-token-afterwards"],
    statement="After a failed response the client can get a token.",
    variants={"400": faults.oauth_error("invalid_request"), "500": faults.http_status(500, "Internal Server Error")},
)
def test_works_afterwards(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 400 with an error document, or 500; then it answers correctly.

    Check: the second call returns the token of the second response.
    """
    client.control()
    tenant.arm(variant.value, times=1)
    client.try_get_token()
    token = client.get_token()
    require(
        isinstance(token.access_token, str) and tenant.active(token.access_token),
        expected="the token of the second response",
        seen=described(token),
    )
