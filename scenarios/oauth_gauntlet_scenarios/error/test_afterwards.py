"""After an error: no pointless retry, and nothing of the failure is kept."""

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


# RFC 6749 §5.2: invalid_grant says that the grant "is invalid, expired, revoked": asking again cannot help.
@requirement(
    "error.invalid-grant-final",
    level=SHOULD,
    source="RFC 6749 5.2",
    grants=[REFRESH_TOKEN, JWT_BEARER, PASSWORD],
    statement="invalid_grant is not tried again.",
)
def test_invalid_grant_final(client: LabClient, tenant: Tenant) -> None:
    """Do: every token request is answered with 400 invalid_grant. Check: one request, then an error."""
    tenant.arm(faults.oauth_error("invalid_grant"))
    error_of(client.try_get_token())
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


# RFC 6585 §4, RFC 9110 §10.2.3: Retry-After says "how long the user agent ought to wait before making a follow-up
# request"; no retry at all is fine.
@requirement(
    "error.retry-after",
    level=SHOULD,
    source="RFC 9110 10.2.3, RFC 6585 4",
    statement="429 and 503 with Retry-After are not followed by an immediate retry.",
    variants={"429": 429, "503": 503},
)
def test_retry_after(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 429 and 503 with Retry-After: 120. Check: one request, then an error."""
    tenant.arm(
        faults.http_status(variant.value, "Too many requests", content_type="text/plain", headers=(("Retry-After", "120"),))
    )
    error_of(client.try_get_token())
    count = tenant.journal.count("token")
    require(
        count == 1,
        expected="one token request: the server asked for 120 s of patience",
        seen=f"{count} token requests",
        mark=Mark(text="Retry-After", part="response"),
    )


@requirement(
    "error.no-token-afterwards",
    level=MUST,
    source="practice; RFC 6749 5.2",
    statement="After a failure nothing of it is kept as a token, and the next try may succeed.",
)
def test_no_token_afterwards(client: LabClient, tenant: Tenant) -> None:
    """Do: a 400 whose body holds an error and a token; then a good answer.

    Check: the second call gives the good token, and never the one of the failure.
    """
    document = json.dumps({"error": "invalid_request", "access_token": "token-of-a-failure", "token_type": "Bearer"})
    tenant.arm(faults.http_status(400, document, content_type="application/json"), times=1)
    client.try_get_token()
    token = client.get_token()
    require(
        token.access_token != "token-of-a-failure",
        expected="a token of the second answer",
        seen="the token of the failed answer",
        mark=Mark(text="token-of-a-failure", part="response", exchange=0),
    )
