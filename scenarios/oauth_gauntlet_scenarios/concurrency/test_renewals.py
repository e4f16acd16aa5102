"""Several requests at once with a token that the resource refuses or that has expired: one renewal serves them all."""

from __future__ import annotations

from collections import Counter

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, PASSWORD, REFRESH_TOKEN, practice, requirement
from oauth_gauntlet_scenarios.concurrency.recovery import (
    RECOVERS,
    RENEWAL_S,
    plain_requests,
    require_a_refusal,
    require_one_renewal,
    require_success,
)
from oauth_gauntlet_scenarios.resource.requests import hold_a_revoked_token, resource_requests, revoke_access_tokens
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_CALLERS = 8

_LATE_S = 0.6
"""Seconds by which the resource delays a refusal: longer than the whole renewal."""

_SINGLE = ["resource.401-renews-once", "resource.revoked-early", "resource.recovered-token-kept"]
"""What the same client has to do with one request."""


@requirement(
    "concurrency.requests-renew-once",
    level=INTEROP,
    basis=practice(
        "A page or a program sends many requests at once. When their token is revoked, each of them gets a 401. A renewal for "
        "each exceeds rate limits, and with rotating refresh tokens it ends the session."
    ),
    covered_by=_SINGLE,
    capabilities=RECOVERS,
    waits=True,
    statement="Several requests that are refused at once cause one renewal, and each is sent again with the new token.",
)
def test_requests_renew_once(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; revoke the token; send eight requests at once, while the token endpoint is slow.

    Check: one token request, and HTTP 200 for each request.
    """
    hold_a_revoked_token(client)
    tenant.arm(faults.delay(RENEWAL_S))
    answers = client.requests(plain_requests(tenant, _CALLERS))
    require_a_refusal(tenant)
    require_one_renewal(
        tenant, late="the callers renewed it one after the other, also those whose refused token had been replaced meanwhile"
    )
    require_success(answers)


@requirement(
    "concurrency.late-refusal",
    level=INTEROP,
    basis=practice(
        "A refusal of the old token may arrive after another caller has renewed it. It says nothing about the new token. A "
        "client that drops that one renews without need, and its callers disturb each other again and again."
    ),
    covered_by=_SINGLE,
    capabilities=RECOVERS,
    waits=True,
    statement="A late refusal of a token that was already replaced does not cause another renewal.",
)
def test_late_refusal(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; revoke the token; send two requests at once, one of which is refused 0.6 s later than the other.

    Check: one token request, and HTTP 200 for both requests.
    """
    hold_a_revoked_token(client)
    tenant.arm(faults.delay(_LATE_S), endpoint="resource", nth=1)
    answers = client.requests(plain_requests(tenant, 2))
    require_a_refusal(tenant)
    require_one_renewal(tenant, late="the late refusal of the old token, which had been replaced already, caused another one")
    require_success(answers)


@requirement(
    "concurrency.requests-expired",
    level=INTEROP,
    basis=practice(
        "Servers limit the rate of token requests. All requests of a program find at once that their token has expired."
    ),
    covered_by=["concurrency.renewed-once"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    capabilities=["parallel", "cache", "resource", "clock", "auto_refresh"],
    waits=True,
    statement="Several requests at once, with an expired token, cause one renewal.",
)
def test_requests_expired(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token and let it expire; send eight requests at once, while the token endpoint is slow.

    Check: one token request.
    """
    client.get_token()
    client.advance(4000)
    tenant.journal.clear()
    tenant.arm(faults.delay(RENEWAL_S))
    client.requests(plain_requests(tenant, _CALLERS))
    resource_requests(tenant)
    require_one_renewal(tenant, late="the callers renewed it one after the other")


# The rule of rotation binds the server; no document tells a client to serialise its refreshes.
@requirement(
    "concurrency.requests-rotation",
    level=INTEROP,
    basis=practice(
        "A server that rotates refresh tokens ends the session when one of them comes twice: the user is logged out, although "
        "each request alone would have recovered."
    ),
    covered_by=[*_SINGLE, "refresh.rotation-replaces", "concurrency.requests-renew-once", "concurrency.late-refusal"],
    grants=[REFRESH_TOKEN, PASSWORD],
    capabilities=RECOVERS,
    waits=True,
    statement="Several requests that are refused, some of them late, do not end a session with rotating refresh tokens.",
)
def test_requests_rotation(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates and detects reuse; revoke the access token; send eight requests, half are refused late; repeat it.

    Check: no refresh token is sent twice, and each request gets HTTP 200.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    hold_a_revoked_token(client)
    tenant.arm(faults.delay(RENEWAL_S))
    tenant.arm(faults.delay(_LATE_S), endpoint="resource", every=2)
    for _ in range(2):
        answers = client.requests(plain_requests(tenant, _CALLERS))
        require_a_refusal(tenant)
        sent = Counter(witness.value(request, "refresh_token") for request in tenant.journal.requests("token"))
        repeated = [count for token, count in sent.items() if token is not None and count > 1]
        require(
            not repeated,
            expected="each refresh token once, so that the session goes on",
            seen=f"one refresh token was sent {max(repeated, default=0)} times, in {sent.total()} token requests",
        )
        require_success(answers)
        revoke_access_tokens(client)
