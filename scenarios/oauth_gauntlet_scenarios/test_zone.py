"""Time zones: a client that runs outside UTC treats every time as under UTC.

The client is started once more with another time zone. Where it could be wrong by itself, the same client under UTC shows
what it does, and only the difference counts.
"""

from __future__ import annotations

from collections.abc import Callable
from email.utils import formatdate

import pytest

from oauth_gauntlet import witness
from oauth_gauntlet.checks import StillWaits, require, untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    JWT_BEARER,
    MUST,
    REFRESH_TOKEN,
    SENDER,
    Variant,
    practice,
    requirement,
    rule,
)
from oauth_gauntlet.time_zones import NEW_YORK
from oauth_gauntlet_scenarios.other_zones import ZONES, client_in, next_change
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant, faults

_ZONE = "time_zone"

_GRANTS = [CLIENT_CREDENTIALS, REFRESH_TOKEN, JWT_BEARER]
"""Clients keep the lifetimes of their tokens with other code for each of these, and many have only one of them."""

_NEAR_S = 60
"""Seconds by which a time may differ from that under UTC: the two clients are asked one after the other."""

_BEFORE_CHANGE_S = 600
_RETRY_S = 120


@requirement(
    "zone.lifetime",
    level=INTEROP,
    basis=[
        practice("A local time that is compared with UTC ends a token hours too early, or uses it for hours after its end."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    grants=_GRANTS,
    capabilities=[*RENEWS, _ZONE],
    covered_by=["zone.assertion-times", "expiry.cached", "expiry.not-before", "expiry.renewed-after"],
    statement="In every time zone a token is used during its lifetime, and renewed after it.",
    variants=ZONES,
)
def test_lifetime(another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: in another time zone get a token of one hour, again after half an hour, and after its end.

    Check: one token request in the first half hour, another one after the end.
    """
    client = client_in(variant.value, another_client)
    client.get_token()
    client.advance(HOUR_S / 2)
    client.get_token()
    _renewals(tenant, 0, f"in the time zone {variant.value} the token was renewed in its first half hour")
    client.advance(HOUR_S / 2 + 1)
    client.get_token()
    _renewals(tenant, 1, f"in the time zone {variant.value} the token was used after its end, and not renewed")


@requirement(
    "zone.clock-change",
    level=INTEROP,
    basis=[
        practice("Twice a year local time jumps by an hour, and in autumn one hour comes twice. A lifetime does not change."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    grants=_GRANTS,
    capabilities=[*RENEWS, _ZONE],
    covered_by=["zone.assertion-times", "zone.lifetime", "expiry.cached", "expiry.not-before", "expiry.renewed-after"],
    statement="A token that is valid across a change of summer time is used during its lifetime, and renewed after it.",
    variants={"spring": True, "autumn": False},
)
def test_clock_change(another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: in New York get a token of one hour ten minutes before the clocks change, again five minutes after, and at its end.

    Check: one token request before the end, another one after it.
    """
    client = client_in(NEW_YORK.name, another_client)
    client.configure()
    client.advance(next_change(tenant.clock.now(), to_summer=variant.value) - _BEFORE_CHANGE_S - tenant.clock.now())
    client.get_token()
    client.advance(1.5 * _BEFORE_CHANGE_S)
    client.get_token()
    change = f"across the change of summer time in {variant.name}"
    _renewals(tenant, 0, f"{change} the token was renewed after 15 minutes of 60")
    client.advance(HOUR_S - 1.5 * _BEFORE_CHANGE_S + 1)
    client.get_token()
    _renewals(tenant, 1, f"{change} the token was used after its end, and not renewed")


@requirement(
    "zone.expires-at",
    level=INTEROP,
    basis=practice("An application that stores or compares the time of expiry is wrong by the offset of its time zone."),
    grants=_GRANTS,
    covered_by=["zone.assertion-times"],
    capabilities=[_ZONE],
    statement="The time of expiry that the client exposes is the same in every time zone.",
    variants=ZONES,
)
def test_expires_at(client: LabClient, another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: get a token under UTC and in another time zone. Check: expires_at is equally far from the current time."""
    under_utc = client.get_token().expires_at
    if under_utc is None:
        pytest.skip("the client exposes no expires_at")
    usual = under_utc - tenant.clock.now()
    there = client_in(variant.value, another_client).get_token().expires_at
    require(there is not None, expected="expires_at, as under UTC", seen=f"none in the time zone {variant.value}")
    assert there is not None
    _same(there - tenant.clock.now() - usual, "expires_at", variant.value)


@requirement(
    "zone.assertion-times",
    level=MUST,
    basis=rule(
        "RFC 7519 2",
        "A JSON numeric value representing the number of seconds from 1970-01-01T00:00:00Z UTC until the "
        "specified UTC date/time, ignoring leap seconds.",
        binds=SENDER,
    ),
    grants=[JWT_BEARER],
    capabilities=[_ZONE],
    statement="exp, iat and nbf of an assertion count from 1970 in UTC, in every time zone.",
    variants=ZONES,
)
def test_assertion_times(client: LabClient, another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: send an assertion under UTC and in another time zone. Check: each time is equally far from the current time."""
    usual = _times_of(client, tenant)
    there = _times_of(client_in(variant.value, another_client), tenant)
    for name in sorted(usual.keys() & there.keys()):
        _same(there[name] - usual[name], name, variant.value, Mark(text="assertion="))


@requirement(
    "zone.retry-after",
    level=INTEROP,
    basis=[
        practice("A date that is read as local time makes an application wait for hours, or not at all."),
        rule("RFC 9110 5.6.7", "An HTTP-date value represents time as an instance of Coordinated Universal Time (UTC)."),
    ],
    grants=[CLIENT_CREDENTIALS],
    capabilities=[_ZONE],
    statement="A Retry-After with a date, if the client exposes it, is the same number of seconds in every time zone.",
    variants=ZONES,
)
def test_retry_after(client: LabClient, another_client: Callable[..., LabClient], tenant: Tenant, variant: Variant) -> None:
    """Do: the server answers 503, and Retry-After is a date in two minutes; under UTC and in another time zone.

    Check: the error has the same number of seconds.
    """
    under_utc = _retry_after(client, tenant)
    if under_utc is None:
        pytest.skip("the client exposes no retry_after for a date")
    there = _retry_after(client_in(variant.value, another_client), tenant)
    require(
        there is not None,
        expected="retry_after, as under UTC",
        seen=f"none in the time zone {variant.value}",
        mark=Mark(text="Retry-After", part="response"),
    )
    assert there is not None
    _same(there - under_utc, "retry_after", variant.value, Mark(text="Retry-After", part="response"))


def _renewals(tenant: Tenant, wanted: int, otherwise: str) -> None:
    count = tenant.journal.count("token") - 1
    require(count == wanted, expected=f"{wanted} renewal(s) up to this moment", seen=f"{otherwise}: {count} renewal(s)")


def _same(off_s: float, what: str, zone: str, mark: Mark | None = None) -> None:
    require(
        abs(off_s) <= _NEAR_S,
        expected=f"the same {what} as under UTC",
        seen=f"in the time zone {zone} {what} is {abs(off_s):.0f} s too {'late' if off_s > 0 else 'early'}",
        mark=mark,
    )


def _times_of(client: LabClient, tenant: Tenant) -> dict[str, float]:
    """Return the times of the assertion that the client sends, as seconds from the current time."""
    client.try_get_token()
    claims = witness.assertion(client.token_request()).claims
    times = {name: claims.get(name) for name in ("exp", "iat", "nbf")}
    now = tenant.clock.now()
    return {name: found - now for name, found in times.items() if isinstance(found, int | float)}


def _retry_after(client: LabClient, tenant: Tenant) -> float | None:
    """Return the retry_after of the client's error if the server answers 503 with a date in two minutes from now.

    None: there is none, or the client waits by itself, and tells the application nothing.
    """
    # Each client gets a date of its own: to start the second one may take a while.
    until = formatdate(tenant.clock.now() + _RETRY_S, usegmt=True)
    tenant.clear_faults()
    armed = tenant.arm(faults.http_status(503, "Maintenance", content_type="text/plain", headers=(("Retry-After", until),)))
    try:
        answer = client.try_get_token()
    except StillWaits:
        return None
    if not armed.fired:
        untestable("no token request was answered with Retry-After")
    return answer.retry_after if isinstance(answer, ErrorInfo) else None
