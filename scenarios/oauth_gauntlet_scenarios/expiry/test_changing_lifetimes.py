"""Lifetimes that change from one token response to the next: each counts for its own token."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Mark
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, practice, requirement, rule
from oauth_gauntlet_scenarios.virtual_time import DAY_S, HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant


def _count(tenant: Tenant) -> int:
    return tenant.journal.count("token")


# Each wait is far from a usual leeway. After the response without expires_in, a client may use the token or ask at each call.
@requirement(
    "expiry.each-by-itself",
    level=INTEROP,
    basis=[
        practice("Servers shorten the lifetime when a session nears its end, and leave it out for tokens without an end."),
        rule("RFC 6749 5.1", "The lifetime in seconds of the access token."),
    ],
    covered_by=[
        "expiry.renewed-after",
        "expiry.not-before",
        "expiry.tiny",
        "expiry.missing",
        "parse.expires-in-absent",
        "request.one-per-token",
    ],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    capabilities=RENEWS,
    statement="The lifetime of each token response counts for the token of that response only.",
)
def test_each_by_itself(client: LabClient, tenant: Tenant) -> None:
    """Do: the server states lifetimes of an hour, a minute, a day and none; get a token before and after each end.

    Check: no renewal in the first half of an hour and of a day, one after each end, and at most one request for each call
    where the response states no lifetime.
    """
    tenant.configure(access_token_lifetime_s=HOUR_S)
    client.get_token()
    for said, wait_s, next_s, renewals in (
        ("half of the first lifetime, an hour", HOUR_S / 2, HOUR_S, 0),
        ("the end of the first lifetime, an hour", HOUR_S / 2 + 1, 60, 1),
        ("the end of the second lifetime, a minute", 61, DAY_S, 1),
        ("half of the third lifetime, a day", DAY_S / 2, DAY_S, 0),
        ("the end of the third lifetime, a day", DAY_S / 2 + 1, None, 1),
    ):
        before = _count(tenant)
        # Before the clock moves: a client may renew by a timer, which asks while it does.
        tenant.configure(access_token_lifetime_s=next_s)
        client.advance(wait_s)
        client.get_token()
        seen = _count(tenant) - before
        require(
            seen == renewals,
            expected=f"{'a' if renewals else 'no'} renewal after {said}",
            seen=f"{seen} token requests: the lifetime of another token response, or none, was taken for this token",
            mark=Mark(text="expires_in", part="response"),
        )
    for calls in (1, 2):
        before = _count(tenant)
        client.advance(3 * DAY_S)
        client.get_token()
        require(
            _count(tenant) <= before + 1,
            expected=f"at most one token request for call {calls} after the token response without expires_in",
            seen=f"a token without expires_in causes more than one request a call: {_count(tenant) - before} token requests",
        )
