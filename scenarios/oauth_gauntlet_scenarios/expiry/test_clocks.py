"""Wrong clocks: a lifetime is a duration, independent of the time of day."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    INTEROP,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.virtual_time import DAY_S, HOUR_S, RENEWS, moved_clock
from oauth_gauntlet_server import Tenant

# Not the JWT grant: a server rightly refuses an assertion made with a wrong clock.
_GRANTS = [REFRESH_TOKEN, CLIENT_CREDENTIALS, PASSWORD]


@requirement(
    "expiry.clock-back",
    level=INTEROP,
    basis=practice(
        "Clocks go back: NTP corrects them, and virtual machines resume. A client that compares times must still work."
    ),
    capabilities=["cache", "clock"],
    statement="After its clock was set back the client still gets a token.",
)
def test_clock_back(client: LabClient) -> None:
    """Do: get a token, set both clocks back by two hours, get a token again.

    Check: the application gets one.
    """
    client.get_token()
    client.advance(-2 * HOUR_S)
    answer = client.try_get_token()
    require(
        not isinstance(answer, ErrorInfo),
        expected="a token after the clock went back by two hours",
        seen=f"the clock went back, and the client reported {described(answer)}; {moved_clock(client)}",
    )
    usable(answer)


@requirement(
    "expiry.skew",
    level=INTEROP,
    basis=[
        practice("Clocks of devices are wrong by seconds to years. The lifetime is a duration, so the clocks need not agree."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    grants=_GRANTS,
    capabilities=RENEWS,
    covered_by=["expiry.renewed-after"],
    statement="A client uses and renews its token correctly if its clock is wrong by seconds, hours or years.",
    variants={
        "seconds-ahead": 30,
        "seconds-behind": -30,
        "hours-ahead": 2 * HOUR_S,
        "hours-behind": -2 * HOUR_S,
        "years-behind": -5 * 365 * DAY_S,
    },
)
def test_skew(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: set the client's clock wrong; get a token of one hour, again after half an hour, and after its end.

    Check: one request in the first half hour, another one after the end.
    """
    client.configure()
    client.skew(variant.value)
    client.get_token()
    client.advance(HOUR_S / 2)
    client.get_token()
    count = tenant.journal.count("token")
    require(
        count == 1,
        expected="one token request in half an hour",
        seen=f"with a wrong clock ({variant.name}) the token was renewed too early: {count} token requests in half an hour",
    )
    client.advance(HOUR_S / 2 + 1)
    client.get_token()
    count = tenant.journal.count("token")
    require(
        count == 2,
        expected="one renewal after the end of the lifetime",
        seen=f"with a wrong clock ({variant.name}) the token was not renewed once after its end: {count} token request(s) in "
        f"all; {moved_clock(client)}",
    )


@requirement(
    "expiry.jump",
    level=INTEROP,
    basis=practice("Clocks jump when NTP first answers, or a laptop wakes up. The client then has a token of unknown age."),
    grants=_GRANTS,
    capabilities=RENEWS,
    statement="After its clock jumped forwards or backwards the client still returns valid tokens.",
    variants={
        "ahead": (DAY_S,),
        "back": (-DAY_S,),
        "ahead-and-back": (DAY_S, -DAY_S),
        "back-and-ahead": (-DAY_S, DAY_S),
    },
)
def test_jump(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: get a token; only the client's clock jumps by a day, once or back again; get a token after each jump.

    Check: each token is active at the server.
    """
    client.get_token()
    for seconds in variant.value:
        client.skew(seconds)
        token = client.get_token()
        require(
            tenant.active(str(token.access_token)) is not None,
            expected="an active token",
            seen=f"after a jump the client uses a token that is not active at the server: {described(token)}; "
            f"{moved_clock(client)}",
        )


@requirement(
    "expiry.server-ahead",
    level=INTEROP,
    basis=[
        practice("Clocks differ, so a token may end earlier at the server than at the client."),
        quote("RFC 6750 3.1", "The client MAY request a new access token and retry the protected resource request."),
    ],
    grants=_GRANTS,
    capabilities=["resource", "retry_401", "auto_refresh"],
    statement="A token that has expired only by the server's clock is renewed when the resource refuses it.",
)
def test_server_ahead(client: LabClient, tenant: Tenant) -> None:
    """Do: use the resource; only the server's clock advances, by two hours; use it again.

    Check: HTTP 200 both times.
    """
    client.request()
    tenant.clock.advance(2 * HOUR_S)
    response = client.request()
    require(
        response.status == 200,
        expected="HTTP 200 from the resource, with a new token",
        seen=f"the token was not renewed when the resource refused it: {described(response)}; only the server's clock moved",
    )
