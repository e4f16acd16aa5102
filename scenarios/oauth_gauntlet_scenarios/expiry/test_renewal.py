"""Renewals that fail, and renewals in a row: the client stays usable and reports the end of its session."""

from __future__ import annotations

import time

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import INTEROP, MUST, PASSWORD, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.expiry.virtual_time import HOUR_S, RENEWS
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

_FAULTS = {
    "503": faults.http_status(503, "Service Unavailable", content_type="text/plain"),
    "temporarily-unavailable": faults.oauth_error("temporarily_unavailable", status=503),
    "html": faults.http_status(200, "<html>maintenance</html>", content_type="text/html"),
    "no-token": faults.without_token_member("access_token"),
    "reset": faults.fault("reset_without_answer"),
    "closed": faults.close_without_answer(),
    "cut": faults.fault("truncate", octets=20),
}


@requirement(
    "expiry.failure-keeps-state",
    level=INTEROP,
    source="practice",
    capabilities=RENEWS,
    statement="After a failed renewal the client can get a new token, with the same refresh token.",
    variants=list(_FAULTS),
)
def test_failure_keeps_state(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token expires and its renewal meets a fault; then the server recovers; get a token again.

    Check: a documented error or a new token first, never the expired one; then a new token. The client sends
    the refresh token that it has.
    """
    first = client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(_FAULTS[variant.name])
    answer = client.try_get_token()
    documented(answer)
    require(
        not (isinstance(answer, Token) and answer.access_token == first.access_token),
        expected="an error: the token has expired and could not be renewed",
        seen="the expired token",
    )
    tenant.clear_faults()
    tenant.journal.clear()
    client.get_token()
    if client.grant is REFRESH_TOKEN:
        sent = witness.value(client.token_request(), "refresh_token")
        require(
            sent == client.config["refresh_token"],
            expected="the configured refresh token",
            seen=f"refresh_token={sent}",
            mark=Mark(text="refresh_token="),
        )


@requirement(
    "expiry.silence-recovers",
    level=INTEROP,
    source="practice",
    capabilities=RENEWS,
    parameters=["timeout"],
    waits=True,
    statement="A renewal without a response ends at the time limit, and the client stays usable.",
)
def test_silence_recovers(client: LabClient, tenant: Tenant) -> None:
    """Do: the token expires; the server is silent for longer than the limit of 2 s, then recovers.

    Check: error, then token.
    """
    # Two seconds, so that only the silence reaches the limit, even on a busy machine.
    client.configure(timeout=2.0)
    client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(faults.fault("silence", seconds=9.0), times=1)
    began = time.monotonic()
    answer = client.try_get_token()
    lasted = time.monotonic() - began
    documented(answer)
    require(lasted < 8, expected="an end after about two seconds", seen=f"it took {lasted:.1f} s")
    tenant.clear_faults()
    client.get_token()


@requirement(
    "expiry.no-stale-token",
    level=MUST,
    source="practice; RFC 6749 5.1",
    capabilities=RENEWS,
    statement="When a renewal fails, the client does not return the expired token.",
    variants={"503": 503, "400": 400},
)
def test_no_stale_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: let the token expire, and answer every renewal with an error. Check: not the expired token."""
    first = client.get_token()
    client.advance(HOUR_S + 1)
    if variant.value == 400:
        tenant.arm(faults.oauth_error("invalid_request"))
    else:
        tenant.arm(faults.http_status(503, "Service Unavailable", content_type="text/plain"))
    answer = client.try_get_token()
    require(
        not (isinstance(answer, Token) and answer.access_token == first.access_token),
        expected="an error: the token has expired and could not be renewed",
        seen="the expired token",
        mark=Mark(text=f"HTTP/1.1 {variant.value}", part="response"),
    )


# RFC 6749 §5.2: invalid_grant: "The provided authorization grant ... or refresh token is invalid, expired,
# revoked".
@requirement(
    "expiry.session-ends-once",
    level=INTEROP,
    source="RFC 6749 5.2; practice",
    grants=[REFRESH_TOKEN],
    capabilities=RENEWS,
    statement="The client reports a session that the server has ended, with at most one request for each call.",
)
def test_session_ends_once(client: LabClient, tenant: Tenant) -> None:
    """Do: the token expires; the server answers every refresh with invalid_grant; get a token three times.

    Check: an error each time, the first one with the code; at most one request for each call.
    """
    client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(faults.oauth_error("invalid_grant"))
    tenant.journal.clear()
    for calls in (1, 2, 3):
        answer = client.try_get_token()
        require(isinstance(answer, ErrorInfo), expected="an error: the session has ended", seen=described(answer))
        assert isinstance(answer, ErrorInfo)
        named = answer.oauth_error == "invalid_grant" or "invalid_grant" in answer.message
        require(named or calls > 1, expected="the code invalid_grant in the error", seen=described(answer))
        count = tenant.journal.count("token")
        require(count <= calls, expected=f"at most {calls} token requests for {calls} calls", seen=f"{count} token requests")


@requirement(
    "expiry.rotation-followed",
    level=MUST,
    source="RFC 6749 6, RFC 9700 4.14.2",
    grants=[REFRESH_TOKEN, PASSWORD],
    capabilities=RENEWS,
    statement="Fifty renewals in a row succeed at a server that rotates refresh tokens and ends the session on reuse.",
)
def test_rotation_followed(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates and detects reuse; let the token expire and get one, fifty times.

    Check: a new token each time.
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    last = client.get_token()
    for _ in range(50):
        client.advance(HOUR_S + 1)
        answer = client.get_token()
        require(answer.access_token != last.access_token, expected="a new token", seen="the expired token")
        last = answer
