"""Several requests at once whose renewal is cancelled, fails, or does not help: none waits for ever, and none loops."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, practice, requirement
from oauth_gauntlet_scenarios.concurrency.recovery import (
    RECOVERS,
    RENEWAL_S,
    plain_requests,
    require_a_refusal,
    require_success,
)
from oauth_gauntlet_scenarios.resource.requests import INVALID_TOKEN, hold_a_revoked_token, revoke_access_tokens
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_CALLERS = 4

_A_FEW = 4
"""Attempts for each caller: some published clients retry twice; that is bounded, and not a loop."""

_REFUSALS = 10 * _CALLERS
"""After so many refusals the resource accepts: a client that loops for ever would otherwise never answer."""

_CANCELLED = "the caller that renewed the token was cancelled"

_SINGLE = ["resource.401-renews-once", "resource.revoked-early"]


def _cancel_the_renewing_caller(client: LabClient, tenant: Tenant) -> None:
    """Send four requests with a revoked token; the first is cancelled while it renews the token. The others get HTTP 200."""
    hold_a_revoked_token(client)
    tenant.arm(faults.delay(1.2), times=1)  # the caller to be cancelled starts before the others, so it renews
    cancelled, *others = client.requests(plain_requests(tenant, _CALLERS), cancel=1)
    if not isinstance(cancelled, ErrorInfo) or cancelled.kind is not ErrorKind.CANCELLED:
        untestable(f"no caller was cancelled: the first one got {described(cancelled)}")
    require_a_refusal(tenant)
    tenant.clear_faults()
    require_success(others, after=_CANCELLED)


@requirement(
    "concurrency.requests-cancelled",
    level=INTEROP,
    basis=practice(
        "A page is closed while its request renews the token. If the renewal ends with that request, or its lock stays behind, "
        "the requests of all other pages fail or wait for ever."
    ),
    covered_by=[*_SINGLE, "concurrency.cancel-frees"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    capabilities=[*RECOVERS, "cancel"],
    waits=True,
    statement="A request that is cancelled while it renews the token does not make other or later requests fail.",
)
def test_requests_cancelled(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; revoke the token; send four requests, and cancel the one that renews the token; send four more.

    Check: HTTP 200 for each request that is not cancelled.
    """
    _cancel_the_renewing_caller(client, tenant)
    require_success(client.requests(plain_requests(tenant, _CALLERS)), after=_CANCELLED)


@requirement(
    "concurrency.cancelled-renewal-kept",
    level=INTEROP,
    basis=practice(
        "A server that rotates refresh tokens has already replaced the old one when the caller is cancelled. A client that "
        "drops the response has no session any more: the user is logged out."
    ),
    covered_by=[*_SINGLE, "refresh.rotation-replaces", "concurrency.requests-cancelled", "concurrency.requests-renew-once"],
    grants=[REFRESH_TOKEN],
    capabilities=[*RECOVERS, "cancel"],
    waits=True,
    statement="A renewal whose caller is cancelled still gives the client its new refresh token.",
)
def test_cancelled_renewal_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates; revoke the access token; send four requests, cancel the one that renews; revoke again, send four.

    Check: HTTP 200 for each request that is not cancelled.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE)
    _cancel_the_renewing_caller(client, tenant)
    revoke_access_tokens(client)
    tenant.arm(faults.delay(RENEWAL_S))
    require_success(client.requests(plain_requests(tenant, _CALLERS)), after=f"{_CANCELLED} and the token was revoked again")


@requirement(
    "concurrency.requests-renewal-fails",
    level=INTEROP,
    basis=practice(
        "Requests that wait for a renewal are queued. If it fails and nobody empties the queue, they wait for ever, or go on "
        "without a token. A mark that stays behind blocks the program until it is started again."
    ),
    covered_by=[*_SINGLE, "concurrency.failure-frees"],
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    capabilities=RECOVERS,
    waits=True,
    statement="A failed renewal is reported to each waiting request, and the next requests renew the token again.",
)
def test_requests_renewal_fails(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; revoke the token; send four requests at once, the renewal fails with 503; send four more.

    Check: documented errors or responses first, no request with a made-up token, then HTTP 200 for each.
    """
    hold_a_revoked_token(client)
    tenant.arm(faults.delay(RENEWAL_S))
    tenant.arm(faults.http_status(503, "later"), times=1)
    for answer in client.requests(plain_requests(tenant, _CALLERS)):
        documented(answer)
    require_a_refusal(tenant)
    # A request without any token may ask for the challenge.
    issued = {record.token for record in tenant.tokens.values()}
    for sent in filter(None, (request.header("authorization") for request in tenant.journal.requests("resource"))):
        require(
            any(token in sent for token in issued),
            expected="an error for the callers of a failed renewal, or requests with a token that the server has issued",
            seen=f"after the failed renewal a request was sent with {sent[:40]!r}",
            mark=Mark(text=sent),
        )
    require_success(client.requests(plain_requests(tenant, _CALLERS)), after="a renewal failed once")


@requirement(
    "concurrency.requests-refused",
    level=INTEROP,
    basis=practice(
        "Clients that renew and repeat without end load both servers until someone stops them, the more callers there are."
    ),
    covered_by=["resource.401-persistent"],
    grants=[CLIENT_CREDENTIALS],
    capabilities=["parallel", "resource"],
    statement="Several requests at a resource that refuses every token end after a few attempts each.",
)
def test_requests_refused(client: LabClient, tenant: Tenant) -> None:
    """Do: send four requests at once; the resource refuses each of them as invalid_token, 40 times.

    Check: at most four attempts for each request.
    """
    tenant.arm(INVALID_TOKEN, endpoint="resource", times=_REFUSALS)
    client.requests(plain_requests(tenant, _CALLERS))
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        max(resources, tokens) <= _A_FEW * _CALLERS,
        expected=f"at most {_A_FEW} attempts for each of {_CALLERS} requests",
        seen=f"the client loops: {resources} requests at the resource, and {tokens} token requests, for {_CALLERS} calls",
    )
