"""Give answers of the token endpoint the shape that a vendor's server gives them.

A template is a JSON object. A text in it that is ``$NAME`` stands for a value, and the member is left out where there is no
such value; inside a longer text ``${NAME}`` stands for its text. The values are the members of the genuine answer, and:

* ``now``, ``now_ms``, ``now_iso``: the time, in seconds, in milliseconds, in ISO 8601;
* ``expires_at``: the end of the access token, in seconds;
* ``refresh_token_expires_in``: the lifetime of the refresh token; ``refresh_expires_in``: the same, 0 where there is none;
* ``token_type_lower``, ``status``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

OTHERS = "*"
"""In `TenantSettings.error_answers`: every error code that is not named."""

_NAME = re.compile(r"\$([a-z_]+)")
_INSIDE = re.compile(r"\$\{([a-z_]+)\}")
_LEFT_OUT = object()


def styled(answer: Answer, settings: TenantSettings, *, now: float) -> Answer:
    """Return a genuine answer of the token endpoint in the style of the tenant; by default unchanged."""
    success = answer.status == 200
    plain = settings.scope_separator == " "
    if not (settings.token_answer or not plain if success else settings.error_answers):
        return answer
    document = answer.document() or {}
    return _success(answer, document, settings, now) if success else _error(answer, document, settings, now)


def filled(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a template with its values.

    >>> filled({"token": "$access_token", "text": "error ${error}", "none": "$none"}, {"access_token": "a", "error": 1})
    {'token': 'a', 'text': 'error 1'}
    """
    found = _filled(template, values)
    return None if found is _LEFT_OUT else found


def _filled(template: Any, values: Mapping[str, Any]) -> Any:
    match template:
        case str():
            if named := _NAME.fullmatch(template):
                return values.get(named[1], _LEFT_OUT)
            return _INSIDE.sub(lambda found: str(values.get(found[1], "")), template)
        case Mapping():
            items = ((name, _filled(each, values)) for name, each in template.items())
            return {name: each for name, each in items if each is not _LEFT_OUT}
        case list() | tuple():
            return [each for each in (_filled(item, values) for item in template) if each is not _LEFT_OUT]
    return template


def _success(answer: Answer, document: dict[str, Any], settings: TenantSettings, now: float) -> Answer:
    if "scope" in document:
        document["scope"] = document["scope"].replace(" ", settings.scope_separator)
    if not settings.token_answer:
        return answer.with_body(json.dumps(document).encode())
    values = {**document, **_times(now), "token_type_lower": str(document.get("token_type")).lower()}
    if isinstance(document.get("expires_in"), int):
        values["expires_at"] = int(now) + document["expires_in"]
    lives = [each for each in (settings.refresh_token_lifetime_s, settings.refresh_token_idle_lifetime_s) if each is not None]
    if lives and "refresh_token" in document:
        values["refresh_token_expires_in"] = min(lives)
    values["refresh_expires_in"] = values.get("refresh_token_expires_in", 0)
    members = {**settings.token_response_members, **filled(settings.token_answer, values)}
    return answer.with_body(json.dumps(members).encode())


def _error(answer: Answer, document: dict[str, Any], settings: TenantSettings, now: float) -> Answer:
    style = settings.error_answers.get(str(document.get("error")), settings.error_answers.get(OTHERS))
    if style is None:
        return answer
    status = style.get("status", answer.status)
    if status != answer.status:
        answer = replace(answer, status=status, reason="")
    if status != 401:
        answer = answer.with_header("WWW-Authenticate", None)
    if "members" not in style:
        return answer
    values = {**document, **_times(now), "status": status}
    return answer.with_body(json.dumps(filled(style["members"], values)).encode())


def _times(now: float) -> dict[str, Any]:
    iso = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"now": int(now), "now_ms": int(now * 1000), "now_iso": iso}
