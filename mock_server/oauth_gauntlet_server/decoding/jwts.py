"""Decode a JWT: header, claims with their dates, and whose key verifies the signature."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from oauth_gauntlet_server.decoding.instants import instant_from
from oauth_gauntlet_server.decoding.key_holders import KeyHolder, key_holders
from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.jose.keys import fits
from oauth_gauntlet_server.oauth.assertion import AssertionRefused, ParsedAssertion, parse, verify_signature
from oauth_gauntlet_server.tenancy.tenant import Tenant

MOST_JWT = 64 * 1024
"""Characters of the longest text that is decoded as a JWT."""

_DATES = ("exp", "nbf", "iat", "auth_time", "updated_at")


def jwt_in(text: str) -> ParsedAssertion | None:
    """Parse a text as a JWT; return None if it is not one."""
    if text.count(".") != 2 or len(text) > MOST_JWT:
        return None
    try:
        jwt = parse(text, loosely=True)
    except AssertionRefused:
        return None
    return jwt if "alg" in jwt.header else None


def jwt_part(text: str, title: str, tenant: Tenant, now: float) -> Part | None:
    """Return the part of a JWT, or None if the text is not one. Dates are compared with `now` (seconds since the epoch)."""
    jwt = jwt_in(text)
    if jwt is None:
        return None
    state, finding = signature_state(jwt, key_holders(tenant, jwt))
    rows = (*_rows("header", jwt.header, now), *_rows("claims", jwt.claims, now))
    return Part(kind="jwt", title=title, rows=rows, state=state, finding=finding)


def signature_state(jwt: ParsedAssertion, holders: Iterable[KeyHolder]) -> tuple[State, str]:
    """Check a JWT's signature with the keys of each holder; return whose key verifies it, or why none does."""
    algorithm = jwt.header.get("alg")
    if isinstance(algorithm, str) and algorithm.lower() == "none":
        return State.BAD, "The JWT is not signed: its alg is none."
    unverified: list[str] = []
    unfit: list[str] = []
    for holder in holders:
        fitting = [key for key in holder.keys if fits(key, algorithm)]
        try:
            verify_signature(jwt, fitting)
        except AssertionRefused:
            if holder.named:
                (unverified if fitting else unfit).append(holder.name)
            continue
        return State.GOOD, f"The signature verifies with a key of {visible(holder.name, 200)}."
    if unverified:
        return State.BAD, f"The signature does not verify with any key of {visible(' or '.join(unverified), 400)}."
    if unfit:
        given = visible(json_text(algorithm), 60)
        return State.BAD, f"No key of {visible(' or '.join(unfit), 400)} can be used with the alg {given}."
    issuer = jwt.claims.get("iss")
    if issuer is None:
        reason = "the JWT has no iss claim"
    else:
        reason = f"no issuer or client is registered as {visible(json_text(issuer), 200)}"
    return State.UNKNOWN, f"The signature cannot be checked: {reason}."


def _rows(group: str, members: Mapping[str, Any], now: float) -> tuple[Row, ...]:
    return tuple(
        Row(name=visible(name, 200), value=visible(json_text(value)), note=_note(name, value, now), group=group)
        for name, value in members.items()
    )


def json_text(value: Any) -> str:
    """Return a value as JSON text, or a remark if it is nested too deeply for that."""
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "(nested too deeply to be shown)"


def _note(name: str, value: Any, now: float) -> str:
    if name not in _DATES:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "not a number of seconds (RFC 7519 §2)"
    if value != value or abs(value) > 1e14:
        return "not a date"
    text = instant_from(value, now)
    return f"{text}: expired" if name == "exp" and value <= now else text
