"""After an error: no useless retry, and the client keeps nothing of the failure."""

from __future__ import annotations

import json

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import (
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SHOULD,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.error.application_error import error_of
from oauth_gauntlet_server import Tenant, faults


# RFC 6749 §5.2: invalid_grant means that the grant "is invalid, expired, revoked": a retry cannot succeed.
@requirement(
    "error.invalid-grant-final",
    level=SHOULD,
    source="RFC 6749 5.2",
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    statement="The client does not retry after invalid_grant.",
)
def test_invalid_grant_final(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers every token request with 400 invalid_grant.

    Check: one request, then an error.
    """
    tenant.arm(faults.oauth_error("invalid_grant"))
    error_of(client.try_get_token())
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


# RFC 6585 §4, RFC 9110 §10.2.3: Retry-After indicates "how long the user agent ought to wait before making a
# follow-up request"; no retry at all is accepted.
@requirement(
    "error.retry-after",
    level=SHOULD,
    source="RFC 9110 10.2.3, RFC 6585 4",
    statement="The client does not retry immediately after 429 or 503 with Retry-After.",
    variants={"429": 429, "503": 503},
)
def test_retry_after(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 429 or 503 with Retry-After: 120. Check: one request, then an error."""
    tenant.arm(
        faults.http_status(variant.value, "Too many requests", content_type="text/plain", headers=(("Retry-After", "120"),))
    )
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
    level=MUST,
    source="practice; RFC 6749 5.2",
    statement="The client keeps no token of a failed response, and can get a token afterwards.",
)
def test_no_token_afterwards(client: LabClient, tenant: Tenant) -> None:
    """Do: the server answers 400 with an error and a token in the body; then it answers correctly.

    Check: the second call returns the token of the second response, not that of the first.
    """
    document = json.dumps({"error": "invalid_request", "access_token": "token-of-a-failure", "token_type": "Bearer"})
    tenant.arm(faults.http_status(400, document, content_type="application/json"), times=1)
    client.try_get_token()
    token = client.get_token()
    require(
        token.access_token != "token-of-a-failure",
        expected="a token of the second response",
        seen="the token of the failed response",
        mark=Mark(text="token-of-a-failure", part="response", exchange=0),
    )
