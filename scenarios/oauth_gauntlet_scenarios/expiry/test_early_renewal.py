"""Renewals ahead of the end that fail: the token that the client has is still good, and ends when it ends.

A client without a leeway sends nothing at that time, which is right: the fault then meets its renewal after the end.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.faults.base import Fault

# A margin of ten seconds covers the way of a request and clocks that differ a little: within it a token counts as expired for
# many clients. With twice as much left nothing speaks against the token.
_LEFT_S = 20

_OUTAGE = practice(
    "A client renews ahead of the end so that a short outage of the server goes unnoticed. If it withholds the token that is "
    "still good, the outage reaches every caller at once."
)


def _fails_ahead_of_the_end(client: LabClient, tenant: Tenant, fault: Fault) -> Token:
    """Get a token of one hour, let every renewal meet the fault 20 s before its end, and require a token that is good.

    Returns:
        The token, which has expired when this returns.
    """
    first = client.get_token()
    client.advance(HOUR_S - _LEFT_S)
    armed = tenant.arm(fault)
    answer = client.try_get_token()
    if not tenant.active(str(first.access_token)):
        untestable("the client answered after the end of the token, which was 20 s ahead")
    require(
        isinstance(answer, Token) and tenant.active(str(answer.access_token)),
        expected=f"the token that the client has: it is good for {_LEFT_S} more seconds",
        seen=f"the renewal ahead of the end failed, and the client withheld the token that is still good: {described(answer)}",
    )
    client.advance(_LEFT_S + 1)
    if not armed.fired:
        documented(client.try_get_token())
    tenant.clear_faults()
    return first


def _require_renewed(client: LabClient, first: Token) -> None:
    require(
        client.get_token().access_token != first.access_token,
        expected="a new token: the old one has ended, and the server has recovered",
        seen="the renewal ahead of the end failed, and the client goes on with the old token after its end",
    )


@requirement(
    "expiry.early-failure",
    level=INTEROP,
    basis=_OUTAGE,
    grants=[REFRESH_TOKEN, CLIENT_CREDENTIALS],
    capabilities=RENEWS,
    covered_by=["expiry.renewed-after", "expiry.failure-keeps-state"],
    statement="A renewal ahead of the end that fails does not withhold the token that is still good, nor lengthen its life.",
    variants={
        "503": faults.http_status(503, "Service Unavailable", content_type="text/plain"),
        "reset": faults.fault("reset_without_answer"),
    },
)
def test_early_failure(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: 20 s before the end of a token every token request fails; get a token; the server recovers; get one after the end.

    Check: the old token before its end; a new token after it. (Without an early renewal the fault meets the next one.)
    """
    _require_renewed(client, _fails_ahead_of_the_end(client, tenant, variant.value))


@requirement(
    "expiry.early-silence",
    level=INTEROP,
    basis=_OUTAGE,
    grants=[CLIENT_CREDENTIALS],
    capabilities=RENEWS,
    parameters=["timeout"],
    covered_by=["expiry.early-failure", "expiry.silence-recovers"],
    waits=True,
    statement="A renewal ahead of the end without a response does not withhold the token that is still good.",
)
def test_early_silence(client: LabClient, tenant: Tenant) -> None:
    """Do: after a good exchange, with a limit of 2 s: 20 s before the end of a token the server falls silent; get one.

    Check: the old token before its end; a new token after it. (Without an early renewal the fault meets the next one.)
    """
    # Two seconds, so that only the silence reaches the limit, even on a busy machine.
    client.control()
    client.configure(timeout=2.0)
    _require_renewed(client, _fails_ahead_of_the_end(client, tenant, faults.fault("silence", seconds=9.0)))


# Ahead of the end the client may report the end of the session at once, or return the token that is still good.
@requirement(
    "expiry.early-refusal",
    level=INTEROP,
    basis=practice("The application learns that its access has ended only from the error of the refused renewal."),
    grants=[REFRESH_TOKEN],
    capabilities=RENEWS,
    covered_by=["expiry.renewed-after", "expiry.no-stale-token", "expiry.session-ends-once"],
    statement="A renewal that the server refuses ahead of the end does not lengthen the life of the token.",
)
def test_early_refusal(client: LabClient, tenant: Tenant) -> None:
    """Do: 20 seconds before the end of a token each refresh gets invalid_grant; get a token; get one after the end.

    Check: a token or a documented error before the end, and an error after it.
    """
    first = client.get_token()
    client.advance(HOUR_S - _LEFT_S)
    tenant.arm(faults.oauth_error("invalid_grant"))
    documented(client.try_get_token())
    client.advance(_LEFT_S + 1)
    answer = client.try_get_token()
    require(
        not (isinstance(answer, Token) and answer.access_token == first.access_token),
        expected="an error: the token has expired, and the server refuses to renew it",
        seen="the renewal was refused ahead of the end, and the client goes on with the old token after its end",
        mark=Mark(text="invalid_grant", part="response"),
    )
