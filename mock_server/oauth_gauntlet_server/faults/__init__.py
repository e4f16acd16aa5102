"""Named ways to misbehave, to be armed on a tenant.

The functions here make faults in one line, as scenarios like them; the classes behind them are values with a JSON form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults, Trigger
from oauth_gauntlet_server.faults.base import Fault, FaultContext, all_faults, fault_from_json
from oauth_gauntlet_server.faults.connection import CloseWithoutAnswer
from oauth_gauntlet_server.faults.http_status import ContentType, HttpStatus
from oauth_gauntlet_server.faults.json_form import FaultError
from oauth_gauntlet_server.faults.oauth_errors import OAuthError
from oauth_gauntlet_server.faults.presets import PRESETS
from oauth_gauntlet_server.faults.timing import Delay
from oauth_gauntlet_server.faults.token_shape import Body, TokenMember, TokenResponse, WithoutTokenMember

__all__ = [
    "PRESETS",
    "ArmedFault",
    "ArmedFaults",
    "Fault",
    "FaultContext",
    "FaultError",
    "Trigger",
    "all_faults",
    "body",
    "close_without_answer",
    "content_type",
    "delay",
    "fault_from_json",
    "http_status",
    "oauth_error",
    "token_member",
    "token_response",
    "without_token_member",
]


def oauth_error(error: str, *, status: int = 400, description: str | None = None, uri: str | None = None) -> Fault:
    """Answer with an OAuth error document."""
    return OAuthError(error=error, status=status, description=description, uri=uri)


def http_status(
    status: int,
    body: str = "",
    *,
    content_type: str | None = None,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
) -> Fault:
    """Answer with any status, body and headers."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return HttpStatus(status=status, body=body, content_type=content_type, headers=tuple(pairs))


def content_type(value: str | None) -> Fault:
    """Send the genuine answer with another Content-Type, or with none."""
    return ContentType(value=value)


def token_member(member: str, value: Any) -> Fault:
    """Set a member of the token document."""
    return TokenMember(member=member, value=value)


def without_token_member(member: str) -> Fault:
    """Leave a member out of the token document."""
    return WithoutTokenMember(member=member)


def token_response(document: dict[str, Any] | str | bytes) -> Fault:
    """Answer 200 with exactly this document, or these octets."""
    if isinstance(document, dict):
        document = json.dumps(document)
    return TokenResponse(body=document.encode() if isinstance(document, str) else document)


def body(content: str | bytes) -> Fault:
    """Send the genuine answer with another body."""
    return Body(content=content.encode() if isinstance(content, str) else content)


def delay(seconds: float) -> Fault:
    """Wait before the first octet of the answer."""
    return Delay(seconds=seconds)


def close_without_answer() -> Fault:
    """Close the connection in place of an answer."""
    return CloseWithoutAnswer()
