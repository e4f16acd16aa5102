"""What passes with time: the clock that is moved, renewal by itself, the time limit, and rest while nobody asks."""

from __future__ import annotations

import time

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Sight, doubt, wrong
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.protocol import Capability, GrantType, Token
from oauth_gauntlet_server import Tenant, faults

_HOUR_S = 3600
_MOVED_S = 2 * _HOUR_S + 1

_NEAR_S = 400
"""How far off a time may be that is right: a leeway of five minutes, and some."""

_SHORT_S = 1
"""A lifetime that is waited for in real time."""

_LIMIT_S = 1.0


def clock(subject: Subject, grant: GrantType) -> Sight | None:
    """Move the clock: what shows of the client's time moves along, and is put back by configure."""
    tenant = subject.begin(grant)
    first = subject.adapter.get_token()
    if any(abs(off) > _NEAR_S for off in _times_off(tenant, first)):
        return None  # the client's times are off already, which says nothing of this clock
    before = tenant.journal.count("token")
    tenant.clock.advance(_MOVED_S)
    subject.adapter.advance_clock(_MOVED_S)
    second = subject.adapter.get_token()
    renewed = tenant.journal.count("token") > before
    times = _times_off(tenant, second) if renewed else []
    moved = [off for off in times if abs(off) <= _NEAR_S]
    if times and len(moved) < len(times):
        return doubt(
            "two hours later, a time that the client named was two hours too early: does advance_clock move the clock that the "
            "client sees, and is expires_at the client's own?"
        )
    if not renewed:
        return doubt(
            "advance_clock went two hours on, and a token of one hour was handed out again: does it move the client's clock?"
        )
    if not times and not subject.declares(Capability.CACHE):
        return None  # nothing of the client's time shows
    tenant = subject.begin(grant)
    if any(abs(off) > _NEAR_S for off in _times_off(tenant, subject.adapter.get_token())):
        return wrong("after configure the client's clock was still two hours ahead; configure puts it back")
    return GOOD


def auto_refresh(subject: Subject, grant: GrantType) -> Sight:
    """Let a token expire, then ask, or use the resource: there is another request."""
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
        GOOD if tenant.journal.count("token") > before else doubt("a token that had expired was used again, and none asked for")
    )


def rest(subject: Subject, grant: GrantType) -> Sight:
    """Let a token expire while nobody asks: nothing is sent."""
    tenant = subject.begin(grant, lifetime_s=_SHORT_S)
    subject.adapter.get_token()
    before = tenant.journal.count()
    time.sleep(_SHORT_S + 0.1)
    stray = tenant.journal.count() - before
    return doubt(f"{stray} request(s) came while nobody asked: is it the client that renews by itself?") if stray else GOOD


def timeout(subject: Subject, grant: GrantType) -> Sight:
    """Set a time limit, and have the server take twice as long: the answer is not waited for."""
    tenant = subject.begin(grant, {"timeout": _LIMIT_S})
    tenant.arm(faults.delay(2 * _LIMIT_S), times=1)
    began = time.monotonic()
    answer = subject.answer()
    lasted = time.monotonic() - began
    if isinstance(answer, Token) and lasted >= 2 * _LIMIT_S:
        return doubt(f"with a limit of {_LIMIT_S:g} s an answer was waited for that took {lasted:.1f} s")
    return GOOD


def _times_off(tenant: Tenant, token: Token) -> list[float]:
    """Return by how much each time that the client named is off the server's clock, in seconds."""
    times = []
    request = tenant.journal.requests("token")[-1] if tenant.journal.count("token") else None
    if request is not None and witness.value(request, "assertion"):
        issued_at = witness.assertion(request).claims.get("iat")
        times += [issued_at - tenant.clock.now()] if isinstance(issued_at, int | float) else []
    if token.expires_at is not None:
        times.append(token.expires_at - tenant.clock.now() - _HOUR_S)
    return times
