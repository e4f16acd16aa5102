"""Lifetimes of zero, of seconds, of a year, and beyond any integer type."""

from __future__ import annotations

import time

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, Variant, requirement
from oauth_gauntlet_scenarios.expiry.virtual_time import DAY_S, RENEWS
from oauth_gauntlet_server import Tenant, faults

_A_MOMENT_S = 0.3
"""Real time in which a timer that overflows, and so fires at once, shows itself."""


def _count(tenant: Tenant) -> int:
    return tenant.journal.count("token")


@requirement(
    "expiry.on-arrival",
    level=INTEROP,
    source="practice",
    capabilities=["cache"],
    statement="A token that has expired on arrival does not lead to a loop of requests.",
    variants={"zero": 0, "within-leeway": 1},
)
def test_on_arrival(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is 0, or 1. Check: an answer for the application after at most two requests."""
    tenant.arm(faults.token_member("expires_in", variant.value))
    answer = client.try_get_token()
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token, or an error that the client documents",
        seen=described(answer),
        mark=Mark(text="expires_in", part="response"),
    )
    require(_count(tenant) <= 2, expected="at most two token requests", seen=f"{_count(tenant)} token requests")


@requirement(
    "expiry.huge",
    level=INTEROP,
    source="practice",
    capabilities=["cache"],
    waits=True,
    statement="A very long lifetime does not overflow.",
    variants={"beyond-31-bits": 2**31, "beyond-53-bits": 2**53, "ten-to-the-twenty": 10**20},
)
def test_huge(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is 2^31, 2^53, 10^20; ask twice, and wait a moment.

    Check: tokens or documented errors, no crash; no more requests than were asked for.
    """
    tenant.arm(faults.token_member("expires_in", variant.value))
    for answer in (client.try_get_token(), client.try_get_token()):
        require(
            not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
            expected="a token, or an error that the client documents",
            seen=described(answer),
            mark=Mark(text="expires_in", part="response"),
        )
    time.sleep(_A_MOMENT_S)
    count = _count(tenant)
    require(count <= 2, expected="two token requests at most", seen=f"{count}: the client goes on by itself")


@requirement(
    "expiry.year",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    capabilities=RENEWS,
    waits=True,
    statement="A token that lives a year is in use for half of it, and renewed after it.",
)
def test_year(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in of 365 days; ask after a moment, after 180 days, and after 366. Check: the same token, then another.

    Many clients count in fractions of a life: they renew when the half, two thirds or four fifths of it are over.
    """
    tenant.arm(faults.token_member("expires_in", 365 * DAY_S))
    client.get_token()
    time.sleep(_A_MOMENT_S)
    client.advance(180 * DAY_S)
    client.get_token()
    require(_count(tenant) == 1, expected="one token request in 180 days", seen=f"{_count(tenant)}")
    client.advance(186 * DAY_S)
    client.get_token()
    require(_count(tenant) == 2, expected="a renewal after 366 days", seen=f"{_count(tenant)} token requests")


@requirement(
    "expiry.tiny",
    level=INTEROP,
    source="practice",
    capabilities=RENEWS,
    statement="A token that lives for seconds is renewed after them.",
    variants={"1-second": 1, "5-seconds": 5, "59-seconds": 59},
)
def test_tiny(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: a lifetime of 1, 5 or 59 seconds; ask a second after its end. Check: a request in between."""
    tenant.arm(faults.token_member("expires_in", variant.value))
    client.get_token()
    before = _count(tenant)
    client.advance(variant.value + 1)
    client.get_token()
    require(
        _count(tenant) > before,
        expected=f"a renewal after {variant.value} s",
        seen="the expired token in use",
        mark=Mark(text="expires_in", part="response"),
    )
    require(_count(tenant) <= before + 2, expected="at most two requests for it", seen=f"{_count(tenant) - before}")
