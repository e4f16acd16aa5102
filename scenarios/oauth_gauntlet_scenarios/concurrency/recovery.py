"""What concurrent requests cost a client whose token is no longer good, and what each caller gets."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import described
from oauth_gauntlet.protocol import ErrorInfo, ResourceRequest, ResourceResponse
from oauth_gauntlet_scenarios.resource.requests import is_success, resource_requests
from oauth_gauntlet_server import Tenant

RECOVERS = ["parallel", "cache", "resource", "retry_401"]
"""What a client declares that keeps one token for concurrent requests, and renews it when the resource refuses it."""

RENEWAL_S = 0.2
"""Seconds by which the server delays its token response, so that concurrent renewals overlap."""


def plain_requests(tenant: Tenant, count: int) -> list[ResourceRequest]:
    """Return `count` equal requests to the tenant's resource."""
    return [ResourceRequest(url=tenant.resource_url)] * count


def require_a_refusal(tenant: Tenant) -> None:
    """Show that the resource has refused the revoked token: without a refusal there is nothing to recover from."""
    resource_requests(tenant)
    statuses = [exchange.response.status for exchange in tenant.journal.exchanges("resource") if exchange.response]
    if 401 not in statuses:
        untestable("the resource refused no request: the client did not use the token that was revoked")


def require_success(answers: Sequence[ResourceResponse | ErrorInfo], *, after: str = "the token was revoked") -> None:
    """Require HTTP 200 for each caller; `after` says in a finding what had happened."""
    others = [answer for answer in answers if not is_success(answer)]
    require(
        not others,
        expected="HTTP 200 for each caller, with the new token",
        seen=f"after {after}, {len(others)} of {len(answers)} callers failed: {described(others[0]) if others else ''}",
    )


def require_one_renewal(tenant: Tenant, *, late: str) -> None:
    """Require one token request. `late` says what a further one followed if it came after the first was answered."""
    began = sorted(exchange.received_at for exchange in tenant.journal.exchanges("token"))
    together = sum(at - began[0] < RENEWAL_S for at in began)
    if not began:
        seen = "nobody renewed the token"
    elif together > 1:
        seen = f"{together} callers renewed the token at the same time, {len(began)} token requests in all"
    else:
        seen = f"{len(began)} token requests: {late}"
    require(len(began) == 1, expected="one token request: one caller renews the token, the others wait for it", seen=seen)
