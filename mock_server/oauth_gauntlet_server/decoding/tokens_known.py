"""Describe what a tenant knows about a token."""

from __future__ import annotations

from oauth_gauntlet_server.decoding.instants import instant_from
from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.tenancy.tenant import Tenant

_LAST_DATE = 1e14
"""Seconds since the epoch from which a number in a claim is no date."""


def token_state(tenant: Tenant, token: str) -> tuple[State, str]:
    """Return whether a token is active now, with a sentence that gives its expiry or why it is not active."""
    record = tenant.tokens.get(token)
    if record is None:
        return State.UNKNOWN, "The token is unknown: this tenant did not issue it, or no longer stores it."
    now, kind = tenant.clock.now(), "refresh token" if record.is_refresh_token else "access token"
    if tenant.active(token) is not None:
        ends = record.ends_at
        expiry = "never expires" if ends is None or ends > _LAST_DATE else f"expires at {instant_from(ends, now)}"
        return State.GOOD, f"The {kind} is active and {expiry}."
    if record.revoked:
        return State.BAD, f"The {kind} was revoked."
    if record.spent:
        return State.BAD, f"The {kind} was used and replaced by a new one."
    if "exp" not in record.claims and record.expires_at is not None and record.expires_at <= now:
        return State.BAD, f"The {kind} expired at {instant_from(record.expires_at, now)}."
    if not record.is_valid_at(now):
        return State.BAD, f"The claims exp and nbf of the {kind} do not allow its use now."
    return State.BAD, f"The session of the {kind} was ended."


def token_part(tenant: Tenant, token: str) -> Part:
    """Return a part with everything that a tenant knows about a token."""
    state, finding = token_state(tenant, token)
    record = tenant.tokens.get(token)
    if record is None:
        return Part(kind="token", title="What the tenant knows", state=state, finding=finding)
    now = tenant.clock.now()
    values = {
        "kind": record.kind,
        "client_id": record.client_id,
        "subject": record.subject,
        "username": record.username,
        "scope": record.scope,
        "session": record.family,
        "issued_at": instant_from(record.issued_at, now),
        "expires_at": None if record.expires_at is None else instant_from(record.expires_at, now),
    }
    rows = tuple(Row(name=name, value=visible(value)) for name, value in values.items() if value)
    return Part(kind="token", title="What the tenant knows", rows=rows, state=state, finding=finding)
