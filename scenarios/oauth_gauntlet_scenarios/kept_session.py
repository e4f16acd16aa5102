"""A session outlives a refusal: which refusals of a renewal do not end it, and the check that it goes on."""

from __future__ import annotations

import time
from collections.abc import Callable

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, Token
from oauth_gauntlet_server import RotationPolicy, Tenant, faults

REFUSALS = {
    "429": faults.http_status(429, "Too Many Requests", content_type="text/plain"),
    "408": faults.http_status(408, "Request Timeout", content_type="text/plain"),
    "403": faults.http_status(403, "<h1>Blocked by the firewall</h1>", content_type="text/html"),
    "401-invalid-client": faults.oauth_error("invalid_client", status=401),
    "400-invalid-request": faults.oauth_error("invalid_request"),
    "400-unheard-of": faults.oauth_error("gauntlet_unheard_of"),
}
"""Refusals of a refresh that do not say that the refresh token has ended: only invalid_grant says so (RFC 6749 5.2)."""

_BREAK_S = 300.0
"""Seconds on the client's clock for a client that sends nothing for a while after a refusal."""

_PATIENCE_S = 6.0
"""Seconds of real time for a client that waits by a clock that cannot be moved."""

_STEP_S = 0.2


def require_session_kept(
    client: LabClient, tenant: Tenant, refusal: str, renew: Callable[[], Token | ErrorInfo], *, begun: Callable[[], None]
) -> None:
    """Let one renewal meet a refusal, and require that the next one contains the same refresh token.

    `refusal` is a key of `REFUSALS`, `renew` makes a renewal, and `begun` is called between the first token and the refusal.
    A client that renews without a refresh token has no session to lose; refresh.password-discarded judges it. One that sends
    nothing for a while gets five minutes on its clock and six seconds of real time, or says how long it waits.

    Raises:
        Untestable: the client has no first token, or sends no request for the first renewal.
        Breach: the client sends no further request, or one without the refresh token.
    """
    # With rotation the response contains a refresh token, so that every client has one.
    tenant.configure(rotation=RotationPolicy.ROTATE)
    answer = client.try_get_token()
    if not isinstance(answer, Token):
        untestable(f"the client has no first token: it reported {described(answer)}")
    begun()
    start = tenant.journal.count("token")
    armed = tenant.arm(REFUSALS[refusal])
    renew()
    if not armed.fired:
        untestable("the client sent no refresh request")
    # Not the newest one: whether the client follows a rotation is another matter (refresh.rotation-replaces).
    held = witness.value(tenant.journal.requests("token")[start], "refresh_token")
    if held is None:
        return
    tenant.clear_faults()
    before = tenant.journal.count("token")
    answer = renew()
    if _may_pause(answer) and tenant.journal.count("token") == before and Capability.CLOCK in client.hello.capabilities:
        client.advance(_BREAK_S)
        answer = renew()
    ends = time.monotonic() + _PATIENCE_S
    while _may_pause(answer) and tenant.journal.count("token") == before and time.monotonic() < ends:
        time.sleep(_STEP_S)
        answer = renew()
    later = tenant.journal.requests("token")[before:]
    if not later and isinstance(answer, ErrorInfo) and answer.retry_after:
        return
    kind = f"the client dropped its refresh token after {refusal}, which does not end a session"
    require(later, expected="another refresh request", seen=f"{kind}: it sent no request, and reported {described(answer)}")
    require(
        witness.value(later[0], "refresh_token") == held,
        expected="a request with the same refresh token",
        seen=f"{kind}: {witness.shown(later[0], 'grant_type', 'refresh_token')}",
        mark=Mark(text="grant_type=", exchange=before),
    )


def _may_pause(answer: Token | ErrorInfo) -> bool:
    """Return whether the client may be waiting; one without a refresh token reports its configuration (operation refresh)."""
    return not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.CONFIG
