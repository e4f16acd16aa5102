"""Clocks that disagree, jump, or run backwards: a lifetime is a duration, whatever o'clock it is."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    requirement,
)
from oauth_gauntlet_scenarios.expiry.virtual_time import DAY_S, HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant

# Not the JWT grant: an assertion made by a clock that is off is refused, and rightly so.
_GRANTS = [REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD]


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
    client.advance(-2 * HOUR_S)
    client.get_token()


# RFC 6749 §5.1: expires_in is "The lifetime in seconds", so that the two clocks need not agree.
@requirement(
    "expiry.skew",
    level=INTEROP,
    source="RFC 6749 5.1; practice",
    grants=_GRANTS,
    capabilities=RENEWS,
    statement="A client whose clock is off by seconds, hours or days uses and renews its token all the same.",
    variants={
        "seconds-ahead": 30,
        "seconds-behind": -30,
        "hours-ahead": 2 * HOUR_S,
        "hours-behind": -2 * HOUR_S,
        "years-behind": -5 * 365 * DAY_S,
    },
)
def test_skew(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: set the client's clock off; get a token of an hour; ask again after half of it, and after its end.

    Check: one request in the first half hour, another one after the end.
    """
    client.configure()
    client.skew(variant.value)
    client.get_token()
    client.advance(HOUR_S / 2)
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request in half an hour", seen=f"{count}")
    client.advance(HOUR_S / 2 + 1)
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 2, expected="a renewal after the end", seen=f"{count} token requests")


@requirement(
    "expiry.jump",
    level=INTEROP,
    source="practice",
    grants=_GRANTS,
    capabilities=RENEWS,
    statement="A client whose clock jumps, ahead or back, still hands out tokens that are good.",
    variants={
        "ahead": (DAY_S,),
        "back": (-DAY_S,),
        "ahead-and-back": (DAY_S, -DAY_S),
        "back-and-ahead": (-DAY_S, DAY_S),
    },
)
def test_jump(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token; the client's clock alone jumps by a day, once or there and back; ask after each jump.

    Check: a token that is in force at the server, each time.
    """
    client.get_token()
    for seconds in variant.value:
        client.skew(seconds)
        token = client.get_token()
        require(
            tenant.active(str(token.access_token)) is not None,
            expected="a token that is in force",
            seen=f"{described(token)}, which the server does not take",
        )


@requirement(
    "expiry.server-ahead",
    level=INTEROP,
    source="RFC 6750 3.1; practice",
    grants=_GRANTS,
    capabilities=["resource", "retry_401", "auto_refresh"],
    statement="A token that has expired for the server alone is renewed when the resource refuses it.",
)
def test_server_ahead(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; the server's clock alone goes on by two hours; use it again. Check: 200 both times."""
    client.request()
    tenant.clock.advance(2 * HOUR_S)
    response = client.request()
    require(response.status == 200, expected="the resource's 200, with a new token", seen=described(response))
