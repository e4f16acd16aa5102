"""Renewals that fail, and renewals in a row: the client stays usable and reports the end of its session."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.lab.stopwatch import require_in_time, timed
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import (
    INTEROP,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SERVER,
    Variant,
    practice,
    quote,
    requirement,
    rule,
)
from oauth_gauntlet_scenarios.kept_session import REFUSALS, require_session_kept
from oauth_gauntlet_scenarios.virtual_time import HOUR_S, RENEWS
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
    basis=practice("Servers fail for minutes. A client that lost its refresh token then cannot go on without the user."),
    capabilities=RENEWS,
    statement="After a failed renewal the client can get a new token, with the same refresh token.",
    variants=list(_FAULTS),
)
def test_failure_keeps_state(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token expires and its renewal meets a fault; then the server recovers; get a token again.

    Check: a documented error or a token first (expiry.no-stale-token judges which); then a new token. The client sends the
    refresh token that it has.
    """
    first = client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(_FAULTS[variant.name])
    answer = client.try_get_token()
    documented(answer)
    tenant.clear_faults()
    tenant.journal.clear()
    second = client.get_token()
    require(
        second.access_token != first.access_token,
        expected="a new token: the server has recovered",
        seen="the expired token",
    )
    if client.grant is REFRESH_TOKEN:
        request = client.token_request()
        require(
            witness.value(request, "refresh_token") == client.config["refresh_token"],
            expected="the configured refresh token",
            seen=witness.shown(request, "refresh_token"),
            mark=Mark(text="refresh_token="),
        )


@requirement(
    "expiry.refusal-keeps",
    level=INTEROP,
    basis=practice(
        "Rate limits, firewalls, and secrets that are being replaced refuse a renewal for a while. A client that takes that "
        "for the end of the session makes its user sign in again."
    ),
    covered_by=["refresh.refusal-keeps"],
    grants=[REFRESH_TOKEN, PASSWORD],
    capabilities=[*RENEWS, "refresh"],
    statement="After a renewal that was refused with anything but invalid_grant the client keeps its refresh token.",
    variants=list(REFUSALS),
)
def test_refusal_keeps(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the token expires; its renewal meets 429, 408, 403, 401 invalid_client, or 400 with another code; get a token again.

    Check: the second renewal contains the same refresh token. A client that sends nothing for a while gets five minutes on its
    clock.
    """
    require_session_kept(client, tenant, variant.name, client.try_get_token, begun=lambda: client.advance(HOUR_S + 1))


@requirement(
    "expiry.silence-recovers",
    level=INTEROP,
    basis=practice("Servers and networks hang. A renewal that never ends blocks every caller of the client."),
    capabilities=RENEWS,
    parameters=["timeout"],
    waits=True,
    statement="A renewal without a response ends at the time limit, and the client stays usable.",
)
def test_silence_recovers(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: after a good exchange the time limit is 2 s; the token expires; the server is silent for 9 s, then recovers.

    Check: no attempt waits for more than seven seconds after its request arrived; an error or a token, then a token.
    """
    # Two seconds, so that only the silence reaches the limit, even on a busy machine.
    limit_s = 2.0
    client.control()
    port = ports.open()
    client.configure(token_url=port.url_of(tenant), timeout=limit_s)
    client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(faults.fault("silence", seconds=9.0), times=1)
    answer, waited_s = timed(client.try_get_token, port)
    require_in_time(answer, waited_s, limit_s=limit_s)
    documented(answer)
    tenant.clear_faults()
    client.get_token()


# No document forbids to try an expired token: the resource decides. While the server cannot be reached, or answers 5xx, many
# clients try it on purpose. Here the server has refused the renewal, and no later try succeeds.
@requirement(
    "expiry.no-stale-token",
    level=INTEROP,
    basis=practice("The application learns that its access has ended only from the error of the refused renewal."),
    capabilities=RENEWS,
    statement="When the server refuses a renewal, the client does not return the expired token.",
    variants={"invalid-request": "invalid_request", "unauthorized-client": "unauthorized_client"},
)
def test_no_stale_token(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: let the token expire, and answer every renewal with 400 and an OAuth error. Check: not the expired token."""
    first = client.get_token()
    client.advance(HOUR_S + 1)
    tenant.arm(faults.oauth_error(variant.value))
    answer = client.try_get_token()
    require(
        not (isinstance(answer, Token) and answer.access_token == first.access_token),
        expected="an error: the token has expired, and the server refused to renew it",
        seen="the client goes on with the expired token, although the server has refused the renewal",
        mark=Mark(text="HTTP/1.1 400", part="response"),
    )


@requirement(
    "expiry.session-ends-once",
    level=INTEROP,
    basis=[
        practice("The application has to ask the user again, and the server must not get the same refresh token in a loop."),
        rule(
            "RFC 6749 5.2",
            "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is "
            "invalid, expired, revoked",
            binds=SERVER,
        ),
    ],
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
        require(
            count <= calls,
            expected=f"at most {calls} token requests for {calls} calls",
            seen=f"the refresh token that the server has refused is sent again by itself: {count} token requests",
        )


@requirement(
    "expiry.rotation-followed",
    level=MUST,
    basis=quote(
        "RFC 6749 6",
        "The authorization server MAY issue a new refresh token, in which case the client MUST discard the old refresh token "
        "and replace it with the new refresh token.",
    ),
    covered_by=["refresh.rotation-replaces", "refresh.many-generations"],
    grants=[REFRESH_TOKEN, PASSWORD],
    capabilities=RENEWS,
    statement="Each of fifty renewals in a row contains the refresh token of the response before.",
)
def test_rotation_followed(client: LabClient, tenant: Tenant) -> None:
    """Do: the server rotates refresh tokens; let the token expire and get one, fifty times.

    Check: each refresh request contains the newest refresh token. (Whether the client renews in time: expiry.renewed-after.)
    """
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    client.try_get_token()
    for _ in range(50):
        client.advance(HOUR_S + 1)
        client.try_get_token()
    newest: str | None = None
    judged = 0
    for exchange in tenant.journal.exchanges("token"):
        if newest is not None and witness.value(exchange.request, "grant_type") == "refresh_token":
            sent = witness.value(exchange.request, "refresh_token")
            require(
                sent == newest,
                expected="the refresh token of the last response",
                seen=f"the renewal contains an older refresh token: {sent}",
                mark=Mark(text="refresh_token="),
            )
            judged += 1
        if exchange.response is not None and exchange.response.status == 200:
            newest = exchange.response.json().get("refresh_token", newest)
    if not judged:
        untestable("the client did not use a refresh token that it had received")
