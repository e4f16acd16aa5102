"""Expiry, in virtual time: a token is used while it lives, and renewed when it does not.

Any leeway of up to five minutes is accepted: before that a token may be used, and from then on it may be renewed.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import INTEROP, MUST, Variant, requirement
from oauth_gauntlet_scenarios.expiry.virtual_time import DAY_S, HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant, faults


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
    capabilities=RENEWS,
    statement="A token is not renewed while much of its life is left.",
)
def test_not_before(client: LabClient, tenant: Tenant) -> None:
    """Do: a token that lives an hour; ask again half an hour later. Check: no second request."""
    client.get_token()
    client.advance(HOUR_S / 2)
    client.get_token()
    require(_count(tenant) == 1, expected="one token request", seen=f"{_count(tenant)} token requests")


@requirement(
    "expiry.renewed-after",
    level=MUST,
    source="RFC 6749 5.1, 1.5",
    capabilities=RENEWS,
    statement="After its lifetime a token is renewed before use.",
)
def test_renewed_after(client: LabClient, tenant: Tenant) -> None:
    """Do: a token that lives an hour; ask again one second after its end. Check: a second request, another token."""
    first = client.get_token()
    client.advance(HOUR_S + 1)
    second = client.get_token()
    require(
        _count(tenant) == 2 and second.access_token != first.access_token,
        expected="a second token request, and its token",
        seen=f"{_count(tenant)} token request(s), and "
        + ("the expired token" if second.access_token == first.access_token else "another token"),
    )


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


# RFC 6749 §5.1: "If omitted, the authorization server SHOULD provide the expiration time via other means or document the
# default value": unknown, that is; using the token until it is refused and asking each time are both right.
@requirement(
    "expiry.missing",
    level=INTEROP,
    source="RFC 6749 5.1; practice",
    capabilities=RENEWS,
    statement="A token of unknown lifetime is used, or asked for each time, for as long as one likes.",
)
def test_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: no expires_in; ask three times, days apart. Check: a token each time, with one request a call at most."""
    tenant.arm(faults.without_token_member("expires_in"))
    for calls in (1, 2, 3):
        client.get_token()
        require(_count(tenant) <= calls, expected=f"{calls} requests at most", seen=f"{_count(tenant)}")
        client.advance(3 * DAY_S)
