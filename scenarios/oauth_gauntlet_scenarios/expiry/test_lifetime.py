"""Lifetime of a token, in virtual time: the client uses it while it is valid, and renews it afterwards.

Scenarios accept a leeway of up to five minutes: a client may renew its token that long before the end, as long as the token
lives for longer than that (expiry.used-twice).
"""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, SERVER, Variant, practice, quote, requirement, rule
from oauth_gauntlet_scenarios.virtual_time import DAY_S, HOUR_S, RENEWS, moved_clock
from oauth_gauntlet_server import Tenant, faults


def _count(tenant: Tenant) -> int:
    return tenant.journal.count("token")


@requirement(
    "expiry.cached",
    level=INTEROP,
    basis=[
        practice("Servers limit the rate of token requests."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    capabilities=["cache"],
    statement="The client uses a valid token again, without another token request.",
)
def test_cached(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token with a lifetime of one hour, three times.

    Check: one token request, the same token each time.
    """
    tokens = {client.get_token().access_token for _ in range(3)}
    require(
        len(tokens) == 1 and _count(tenant) == 1,
        expected="one token request for three calls within the token's lifetime",
        seen=f"a valid token is not used again: {_count(tenant)} token requests, {len(tokens)} different token(s)",
    )


@requirement(
    "expiry.not-before",
    level=INTEROP,
    basis=practice("Servers limit the rate of token requests. A leeway of minutes is usual, half of an hour is not."),
    capabilities=RENEWS,
    statement="The client does not renew a token in the first half of its lifetime.",
)
def test_not_before(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token with a lifetime of one hour, and again half an hour later. Check: no second request."""
    client.get_token()
    client.advance(HOUR_S / 2)
    client.get_token()
    require(
        _count(tenant) == 1,
        expected="no renewal in the first half of the lifetime",
        seen=f"a token with a lifetime of one hour was renewed after half an hour: {_count(tenant)} token requests",
    )


# Not for a minute or less: a fixed margin of a minute is usual, and such a client is never sure of a token of one minute.
@requirement(
    "expiry.used-twice",
    level=INTEROP,
    basis=practice(
        "Servers issue tokens for minutes (five are the default of some), and limit the rate of token requests. With a fixed "
        "leeway of minutes each call then sends one."
    ),
    grants=[CLIENT_CREDENTIALS],
    capabilities=["cache"],
    covered_by=["expiry.cached"],
    statement="A token with a lifetime of minutes is used more than once.",
    variants={"600-seconds": 600, "300-seconds": 300, "90-seconds": 90},
)
def test_used_twice(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the lifetime is 600, 300 or 90 seconds; get a token three times, one right after the other.

    Check: one token request.
    """
    tenant.arm(faults.token_member("expires_in", variant.value))
    for _ in range(3):
        client.get_token()
    require(
        _count(tenant) == 1,
        expected=f"one token request for three calls within {variant.value} s",
        seen=f"the leeway is as long as the life of the token ({variant.value} s), so that no token is used twice: "
        f"{_count(tenant)} token requests",
        mark=Mark(text="expires_in", part="response"),
    )


# Renewing on a refusal alone is as good: RFC 6749 1.5 (E), (F) describes it. Such a client declares retry_401 and not
# auto_refresh, and is not judged here.
@requirement(
    "expiry.renewed-after",
    level=INTEROP,
    basis=[
        practice("A request with an expired token fails, and not every resource says why."),
        quote("RFC 6749 1.5", "If the client knows the access token expired, it skips to step (G)"),
    ],
    capabilities=RENEWS,
    statement="The client renews an expired token before it uses it.",
)
def test_renewed_after(client: LabClient, tenant: Tenant) -> None:
    """Do: get a token with a lifetime of one hour, and again a second after its end.

    Check: a second request, another token.
    """
    first = client.get_token()
    client.advance(HOUR_S + 1)
    second = client.get_token()
    require(
        _count(tenant) == 2 and second.access_token != first.access_token,
        expected="a second token request, and its token",
        seen=f"the expired token is used again, {_count(tenant)} token request(s); {moved_clock(client)}"
        if second.access_token == first.access_token
        else f"the renewal took more than one request: {_count(tenant) - 1} after the first",
    )


# The lifetime counts "from the time the response was generated". The Date field is from another clock, so clients in practice
# count from receipt.
@requirement(
    "expiry.date-header-ignored",
    level=INTEROP,
    basis=[
        practice("Some servers and proxies send a wrong Date."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    capabilities=RENEWS,
    covered_by=["expiry.renewed-after"],
    statement="A wrong Date field in the response does not change the lifetime of the token.",
    variants={"behind": "Thu, 01 Jan 2015 00:00:00 GMT", "ahead": "Fri, 01 Jan 2038 00:00:00 GMT"},
)
def test_date_header_ignored(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token response has a wrong Date; get a token again after half an hour, and after the end.

    Check: no renewal after half an hour, one after the end.
    """
    tenant.arm(faults.fault("header", header="Date", value=variant.value))
    client.get_token()
    client.advance(1800)
    client.get_token()
    kept = tenant.journal.count("token")
    require(
        kept == 1,
        expected="no renewal of the token in its first half hour",
        seen=f"with a wrong Date the token was renewed too early: {kept} token requests in half an hour",
    )
    client.advance(1900)
    client.get_token()
    renewed = tenant.journal.count("token")
    require(
        renewed == 2,
        expected="one renewal after the end of the lifetime",
        seen=f"with a wrong Date the token was not renewed once after its end: {renewed} token request(s) in all",
    )


# The lifetime is unknown then: a client may use the token until it is refused, or request one each time.
@requirement(
    "expiry.missing",
    level=INTEROP,
    basis=[
        practice("Some servers send no expires_in."),
        quote(
            "RFC 6749 5.1",
            "If omitted, the authorization server SHOULD provide the expiration time via other means or document the default "
            "value.",
            binds=SERVER,
        ),
    ],
    capabilities=RENEWS,
    statement="Without expires_in the client uses the token, or requests a new one for each call.",
)
def test_missing(client: LabClient, tenant: Tenant) -> None:
    """Do: the response has no expires_in; get a token three times, days apart.

    Check: at most one request for each call.
    """
    tenant.arm(faults.without_token_member("expires_in"))
    for calls in (1, 2, 3):
        client.get_token()
        require(
            _count(tenant) <= calls,
            expected=f"at most {calls} token requests for {calls} calls",
            seen=f"a token without expires_in causes more than one request for a call: {_count(tenant)} token requests",
        )
        client.advance(3 * DAY_S)
