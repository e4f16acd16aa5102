"""Expiry, in virtual time: a token is used while it lives, and renewed when it does not.

Any leeway of up to five minutes is accepted: before that a token may be used, and from then on it may be renewed.
"""

from __future__ import annotations

import time

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_server import Tenant, faults

_RENEWS = ["cache", "auto_refresh", "clock"]
_HOUR_S = 3600
_DAY_S = 24 * _HOUR_S

_A_MOMENT_S = 0.3
"""Real time in which a timer that overflows, and so fires at once, shows itself."""


def _count(tenant: Tenant) -> int:
    return tenant.journal.count("token")


# RFC 6749 §5.1: expires_in is "the lifetime in seconds of the access token": until then there is no need for another.
@requirement(
    "expiry.cached",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    capabilities=["cache"],
    statement="A valid token is used again without another request.",
)
def test_cached(client: LabClient, tenant: Tenant) -> None:
    """Do: a token that lives an hour; ask three times. Check: one token request, the same token each time."""
    tokens = {client.get_token().access_token for _ in range(3)}
    require(
        len(tokens) == 1 and _count(tenant) == 1,
        expected="one token request for three calls within the token's life",
        seen=f"{_count(tenant)} token requests",
    )


@requirement(
    "expiry.not-before",
    level=INTEROP,
    source="practice",
    capabilities=_RENEWS,
    statement="A token is not renewed while much of its life is left.",
)
def test_not_before(client: LabClient, tenant: Tenant) -> None:
    """Do: a token that lives an hour; ask again half an hour later. Check: no second request."""
    client.get_token()
    client.advance(_HOUR_S / 2)
    client.get_token()
    require(_count(tenant) == 1, expected="one token request", seen=f"{_count(tenant)} token requests")


@requirement(
    "expiry.renewed-after",
    level=MUST,
    source="RFC 6749 5.1, 1.5",
    capabilities=_RENEWS,
    statement="After its lifetime a token is renewed before use.",
)
def test_renewed_after(client: LabClient, tenant: Tenant) -> None:
    """Do: a token that lives an hour; ask again one second after its end. Check: a second request, another token."""
    first = client.get_token()
    client.advance(_HOUR_S + 1)
    second = client.get_token()
    require(
        _count(tenant) == 2 and second.access_token != first.access_token,
        expected="a second token request, and its token",
        seen=f"{_count(tenant)} token request(s), and "
        + ("the expired token" if second.access_token == first.access_token else "another token"),
    )


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
    "expiry.clock-back",
    level=INTEROP,
    source="practice",
    capabilities=["cache", "clock"],
    statement="A clock that is set back breaks nothing.",
)
def test_clock_back(client: LabClient) -> None:
    """Do: get a token, set both clocks back by two hours, ask again. Check: a token."""
    client.get_token()
    client.advance(-2 * _HOUR_S)
    client.get_token()


# RFC 6749 §5.1: expires_in is "from the time the response was generated"; the Date field tells another clock's time, and
# practice counts from receipt.
@requirement(
    "expiry.date-header-ignored",
    level=INTEROP,
    source="RFC 6749 5.1; practice",
    capabilities=["cache", "clock"],
    statement="A server whose Date is hours off does not shorten or lengthen a token's life.",
    variants={"behind": "Thu, 01 Jan 2015 00:00:00 GMT", "ahead": "Fri, 01 Jan 2038 00:00:00 GMT"},
)
def test_date_header_ignored(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token answer bears another date; ask again half an hour later, and after the end. Check: one renewal, then."""
    tenant.arm(faults.fault("header", header="Date", value=variant.value))
    client.get_token()
    client.advance(1800)
    client.get_token()
    kept = tenant.journal.count("token")
    require(kept == 1, expected="the token of one hour in use after half of it", seen=f"{kept} token requests")
    client.advance(1900)
    client.get_token()
    renewed = tenant.journal.count("token")
    require(renewed == 2, expected="a renewal after the end", seen=f"{renewed} token requests")


@requirement(
    "expiry.year",
    level=INTEROP,
    source="practice; RFC 6749 5.1",
    capabilities=_RENEWS,
    waits=True,
    statement="A token that lives a year is in use for half of it, and renewed after it.",
)
def test_year(client: LabClient, tenant: Tenant) -> None:
    """Do: expires_in of 365 days; ask after a moment, after 180 days, and after 366. Check: the same token, then another.

    Many clients count in fractions of a life: they renew when the half, two thirds or four fifths of it are over.
    """
    tenant.arm(faults.token_member("expires_in", 365 * _DAY_S))
    client.get_token()
    time.sleep(_A_MOMENT_S)
    client.advance(180 * _DAY_S)
    client.get_token()
    require(_count(tenant) == 1, expected="one token request in 180 days", seen=f"{_count(tenant)}")
    client.advance(186 * _DAY_S)
    client.get_token()
    require(_count(tenant) == 2, expected="a renewal after 366 days", seen=f"{_count(tenant)} token requests")


@requirement(
    "expiry.tiny",
    level=INTEROP,
    source="practice",
    capabilities=_RENEWS,
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


# RFC 6749 §5.1: "If omitted, the authorization server SHOULD provide the expiration time via other means or document the
# default value": unknown, that is; using the token until it is refused and asking each time are both right.
@requirement(
    "expiry.missing",
    level=INTEROP,
    source="RFC 6749 5.1; practice",
    capabilities=_RENEWS,
    statement="A token of unknown lifetime is used, or asked for each time, for as long as one likes.",
)
def test_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: no expires_in; ask three times, days apart. Check: a token each time, with one request a call at most."""
    tenant.arm(faults.without_token_member("expires_in"))
    for calls in (1, 2, 3):
        client.get_token()
        require(_count(tenant) <= calls, expected=f"{calls} requests at most", seen=f"{_count(tenant)}")
        client.advance(3 * _DAY_S)
