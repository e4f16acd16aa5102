"""Check what depends on time: the moved clock, renewal of expired tokens, the time limit, and silence between operations."""

from __future__ import annotations

import time

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.protocol import Capability, GrantType, Token
from oauth_gauntlet_server import Tenant, faults

_HOUR_S = 3600
_MOVED_S = 2 * _HOUR_S + 1

_NEAR_S = 400
"""Seconds by which a correct time may differ: a leeway of five minutes, and a margin."""

_SHORT_S = 1
"""A lifetime that the check waits for in real time, in seconds."""

_LIMIT_S = 1.0


def clock(subject: Subject, grant: GrantType) -> Observation | None:
    """Move the clock: the client's times move along, and configure resets it."""
    tenant = subject.begin(grant)
    first = subject.adapter.get_token()
    if any(abs(off) > _NEAR_S for off in _times_off(tenant, first)):
        return None  # the client's times are wrong before the clock is moved
    before = tenant.journal.count("token")
    tenant.clock.advance(_MOVED_S)
    subject.adapter.advance_clock(_MOVED_S)
    second = subject.adapter.get_token()
    renewed = tenant.journal.count("token") > before
    times = _times_off(tenant, second) if renewed else []
    moved = [off for off in times if abs(off) <= _NEAR_S]
    if times and len(moved) < len(times):
        return doubt(
            "two hours later, a time of the client was two hours too early: does advance_clock move the clock that the "
            "client reads, and is expires_at the client's own?"
        )
    if not renewed:
        return doubt(
            "the clock was moved by two hours, and a token of one hour was returned again: does advance_clock move it?"
        )
    if not times and not subject.declares(Capability.CACHE):
        return None  # the client exposes no time
    tenant = subject.begin(grant)
    if any(abs(off) > _NEAR_S for off in _times_off(tenant, subject.adapter.get_token())):
        return wrong("after configure the client's clock was still two hours ahead; configure has to reset it")
    return GOOD


def auto_refresh(subject: Subject, grant: GrantType) -> Observation:
    """Let a token expire, then call get_token or request: the client sends another token request."""
    tenant = subject.begin(grant, lifetime_s=_HOUR_S if subject.declares(Capability.CLOCK) else _SHORT_S)
    subject.adapter.get_token()
    before = tenant.journal.count("token")
    if subject.declares(Capability.CLOCK):
        tenant.clock.advance(_HOUR_S + 1)
        subject.adapter.advance_clock(_HOUR_S + 1)
    else:
        time.sleep(_SHORT_S + 0.1)
    if subject.declares(Capability.RESOURCE) and not subject.declares(Capability.CACHE):
        subject.adapter.request("GET", tenant.resource_url, {}, None)
    else:
        subject.adapter.get_token()
    return (
        GOOD
        if tenant.journal.count("token") > before
        else doubt("an expired token was used again, and no new one was requested")
    )


def rest(subject: Subject, grant: GrantType) -> Observation:
    """Let a token expire without an operation: nothing is sent."""
    tenant = subject.begin(grant, lifetime_s=_SHORT_S)
    subject.adapter.get_token()
    before = tenant.journal.count()
    time.sleep(_SHORT_S + 0.1)
    stray = tenant.journal.count() - before
    return (
        doubt(f"{stray} request(s) were sent between two operations: does the client renew tokens in the background?")
        if stray
        else GOOD
    )


def timeout(subject: Subject, grant: GrantType) -> Observation:
    """Set a time limit, and let the server take twice as long: the client does not wait for the response."""
    tenant = subject.begin(grant, {"timeout": _LIMIT_S})
    tenant.arm(faults.delay(2 * _LIMIT_S), times=1)
    began = time.monotonic()
    answer = subject.answer()
    lasted = time.monotonic() - began
    if isinstance(answer, Token) and lasted >= 2 * _LIMIT_S:
        return doubt(f"with a limit of {_LIMIT_S:g} s the client waited {lasted:.1f} s for a response")
    return GOOD


def _times_off(tenant: Tenant, token: Token) -> list[float]:
    """Return by how many seconds each time of the client differs from the server's clock."""
    times = []
    request = tenant.journal.requests("token")[-1] if tenant.journal.count("token") else None
    if request is not None and witness.value(request, "assertion"):
        issued_at = witness.assertion(request).claims.get("iat")
        times += [issued_at - tenant.clock.now()] if isinstance(issued_at, int | float) else []
    if token.expires_at is not None:
        times.append(token.expires_at - tenant.clock.now() - _HOUR_S)
    return times
