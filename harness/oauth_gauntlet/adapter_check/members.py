"""Check what an adapter reports of the members that a response has not, or has with null, empty, or another type."""

from __future__ import annotations

import json
from collections.abc import Mapping

from oauth_gauntlet import witness
from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, unimplemented
from oauth_gauntlet.adapter_check.subject import HOLD_ONE, Subject, token_documents
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, GrantType, JSONObject
from oauth_gauntlet_server import RotationPolicy, faults

_LEAST: JSONObject = {"access_token": "gauntlet-least-token", "token_type": "Bearer"}

_ODD_TOKEN: JSONObject = {**_LEAST, "expires_in": "soon", "refresh_token": 5, "scope": ["a", "b"]}
_ODD_ERROR: JSONObject = {"error": ["invalid_scope"], "error_description": {"en": "no"}, "error_uri": 5}

_NO_NEW_TOKEN: Mapping[str, JSONObject] = {
    "no refresh_token": {},
    "refresh_token null": {"refresh_token": None},
    'refresh_token ""': {"refresh_token": ""},
}


def left_out(subject: Subject, grant: GrantType) -> Observation | None:
    """Answer with access_token and token_type alone: there are no other members to report."""
    tenant = subject.begin(grant)
    tenant.arm(faults.token_response(dict(_LEAST)))
    token = subject.answer()
    if isinstance(token, ErrorInfo):
        return None  # the scenarios judge that
    invented = [name for name in ("expires_in", "expires_at", "scope") if getattr(token, name) not in (None, "")]
    # The refresh token of the configuration is one that the client may still have.
    if token.refresh_token and tenant.tokens.get(token.refresh_token) is None:
        invented.append("refresh_token")
    if not invented:
        return GOOD
    shown = ", ".join(f"{name} {getattr(token, name)!r}" for name in invented)
    return doubt(f"the response had only access_token and token_type, and the token has {shown}; is that the client's default?")


def kept(subject: Subject, grant: GrantType) -> Observation | None:
    """Answer a refresh without a new refresh token: the next refresh sends the one that the client has."""
    if grant not in HOLD_ONE:
        return None
    for name, members in _NO_NEW_TOKEN.items():
        lost = _lost(subject, grant, members)
        if lost:
            return doubt(f"after a response with {name}, {lost}; does the client lose the refresh token, or the adapter?")
    return GOOD


def _lost(subject: Subject, grant: GrantType, members: JSONObject) -> str:
    """Return how the next refresh differs from one with the refresh token that the client had; nothing if it does not."""
    tenant = subject.begin(grant)
    # With rotation each response of the server contains a refresh token: every client has the same one.
    tenant.configure(rotation=RotationPolicy.ROTATE)
    try:
        subject.adapter.get_token()
        held = token_documents(tenant)[-1].get("refresh_token")
        tenant.arm(faults.token_response({**_LEAST, "expires_in": 3600, **members}), times=1)
        subject.adapter.refresh()
    except ClientFailure as failure:
        if unimplemented(failure.error):
            raise
        return ""  # the scenarios judge that
    before = tenant.journal.count("token")
    reported = ""
    try:
        subject.adapter.refresh()
    except ClientFailure as failure:
        reported = f", and the error was {failure}"
    requests = tenant.journal.requests("token")[before:]
    if not requests:
        return f"refresh sent nothing{reported}"
    sent = witness.value(requests[-1], "refresh_token")
    return "" if sent == held else f"refresh sent refresh_token={sent or ''}{reported}"


def odd(subject: Subject, grant: GrantType) -> Observation:
    """Answer with members of other types: an adapter that passes them on breaks the protocol, which ends the checks.

    Raises:
        AdapterError: the adapter broke the protocol.
    """
    for fault in (
        faults.token_response(dict(_ODD_TOKEN)),
        faults.http_status(400, json.dumps(_ODD_ERROR), content_type="application/json"),
    ):
        subject.begin(grant).arm(fault)
        subject.answer()
    return GOOD
