"""Unusual lifetimes: zero, seconds, a year, and more than common integer types can represent."""

from __future__ import annotations

import time

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, Variant, practice, requirement, rule
from oauth_gauntlet_scenarios.virtual_time import DAY_S, RENEWS, moved_clock
from oauth_gauntlet_server import Tenant, faults

_A_MOMENT_S = 0.3
"""Seconds of real time in which a timer that overflows fires."""


def _count(tenant: Tenant) -> int:
    return tenant.journal.count("token")


@requirement(
    "expiry.on-arrival",
    level=INTEROP,
    basis=practice("Some servers issue tokens of a second, or with a wrong lifetime: a loop then floods them."),
    capabilities=["cache"],
    statement="A token that has expired on arrival does not cause a loop of requests.",
    variants={"zero": 0, "within-leeway": 1},
)
def test_on_arrival(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is 0 or 1.

    Check: the application gets a token or a documented error after at most two requests.
    """
    client.control()
    tenant.arm(faults.token_member("expires_in", variant.value))
    answer = client.try_get_token()
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token, or an error that the client documents",
        seen=described(answer),
        mark=Mark(text="expires_in", part="response"),
    )
    require(
        _count(tenant) <= 2,
        expected="at most two token requests",
        seen=f"a token that has expired on arrival is requested again and again: {_count(tenant)} token requests for one call",
    )


@requirement(
    "expiry.huge",
    level=INTEROP,
    basis=practice(
        'Some servers write "never" as a very large number, which integers, dates and timers of a client may not hold.'
    ),
    capabilities=["cache"],
    waits=True,
    statement="A very long lifetime does not overflow.",
    variants={"beyond-31-bits": 2**31, "beyond-53-bits": 2**53, "ten-to-the-twenty": 10**20},
)
def test_huge(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: expires_in is 2^31, 2^53 or 10^20; get a token twice, and wait 0.3 seconds.

    Check: tokens or documented errors, no crash; at most one token request for each call.
    """
    client.control()
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
    require(
        count <= 2,
        expected="at most two token requests",
        seen=f"the client sends requests without being asked: {count} token requests for two calls",
    )


@requirement(
    "expiry.year",
    level=INTEROP,
    basis=[
        practice("Some servers issue tokens for a year: more milliseconds than 31 bits hold."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    capabilities=RENEWS,
    waits=True,
    covered_by=["expiry.renewed-after"],
    statement="A token with a lifetime of one year is used for half a year, and renewed after its end.",
)
def test_year(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in is 365 days; get a token again after 180 days and after 366 days.

    Check: one token request in the first 180 days, and a renewal after 366 days. (Many clients renew after a
    fraction of the lifetime: a half, two thirds or four fifths.)
    """
    tenant.arm(faults.token_member("expires_in", 365 * DAY_S))
    client.get_token()
    time.sleep(_A_MOMENT_S)
    client.advance(180 * DAY_S)
    client.get_token()
    require(
        _count(tenant) == 1,
        expected="one token request in 180 days",
        seen=f"a token with a lifetime of one year was renewed too early: {_count(tenant)} token requests in 180 days",
    )
    client.advance(186 * DAY_S)
    client.get_token()
    require(
        _count(tenant) == 2,
        expected="a renewal after 366 days",
        seen=f"a token with a lifetime of one year was not renewed once in 366 days: {_count(tenant)} token request(s) in all; "
        f"{moved_clock(client)}",
    )


@requirement(
    "expiry.tiny",
    level=INTEROP,
    basis=practice("Some servers issue tokens for seconds, less than the leeway of a client."),
    capabilities=RENEWS,
    covered_by=["expiry.renewed-after"],
    statement="A token with a lifetime of seconds is renewed after its end.",
    variants={"1-second": 1, "5-seconds": 5, "59-seconds": 59},
)
def test_tiny(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the lifetime is 1, 5 or 59 seconds; get a token again a second after its end.

    Check: one or two more requests.
    """
    tenant.arm(faults.token_member("expires_in", variant.value))
    client.get_token()
    before = _count(tenant)
    client.advance(variant.value + 1)
    client.get_token()
    require(
        _count(tenant) > before,
        expected=f"a renewal after {variant.value} s",
        seen=f"the expired token is used again, without a token request; {moved_clock(client)}",
        mark=Mark(text="expires_in", part="response"),
    )
    require(
        _count(tenant) <= before + 2,
        expected="at most two token requests for the renewal",
        seen=f"a lifetime of seconds causes a loop: {_count(tenant) - before} token requests for one renewal",
    )
