"""What a tenant knows of a token, in words."""

from __future__ import annotations

from oauth_gauntlet_server.decoding.instants import instant_from
from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.tenancy.tenant import Tenant


def token_state(tenant: Tenant, token: str) -> tuple[State, str]:
    """Return whether a token is in force now, and since when or why not."""
    record = tenant.tokens.get(token)
    if record is None:
        return State.UNKNOWN, "This tenant did not issue the token, or has forgotten it."
    now, kind = tenant.clock.now(), "refresh token" if record.is_refresh_token else "access token"
    if tenant.active(token) is not None:
        until = "without end" if record.expires_at is None else f"until {instant_from(record.expires_at, now)}"
        return State.GOOD, f"The {kind} is in force {until}."
    if record.revoked:
        return State.BAD, f"The {kind} was revoked."
    if record.spent:
        return State.BAD, f"The {kind} was used and replaced."
    if record.expires_at is not None and record.expires_at <= now:
        return State.BAD, f"The {kind} has expired: {instant_from(record.expires_at, now)}."
    return State.BAD, f"The session of the {kind} was ended."


def token_part(tenant: Tenant, token: str) -> Part:
    """Return everything that a tenant knows of a token."""
    state, finding = token_state(tenant, token)
    record = tenant.tokens.get(token)
    if record is None:
        return Part(kind="token", title="What the tenant knows", state=state, finding=finding)
    now = tenant.clock.now()
    told = {
        "kind": record.kind,
        "client_id": record.client_id,
        "subject": record.subject,
        "username": record.username,
        "scope": record.scope,
        "session": record.family,
        "issued_at": instant_from(record.issued_at, now),
        "expires_at": None if record.expires_at is None else instant_from(record.expires_at, now),
    }
    rows = tuple(Row(name=name, value=visible(value)) for name, value in told.items() if value)
    return Part(kind="token", title="What the tenant knows", rows=rows, state=state, finding=finding)
