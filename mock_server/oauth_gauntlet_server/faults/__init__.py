"""Faults: named deviations that a tenant's endpoints make on demand.

A fault is a value: a frozen dataclass, registered under its name. Each module here contains one family of
them. `fault(name, ...)` makes any fault from its name and its parameters as JSON; the other functions make
the faults that scenarios need most often.

A new fault needs three things: its dataclass in the module of its family, a line in `presets.PRESETS`, and a
test of the octets that it sends. Its JSON, its schema, and its entries in the control API, the console, the
command line and `docs/faults.md` follow from the dataclass. (`presets` imports every family; a new family
must be imported there too.)
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from oauth_gauntlet_server.faults.all_of import AllOf
from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults, Trigger
from oauth_gauntlet_server.faults.base import (
    Fault,
    FaultContext,
    FaultUnavailable,
    all_faults,
    fault_from_json,
    no_other_origin,
    register,
)
from oauth_gauntlet_server.faults.body import Body
from oauth_gauntlet_server.faults.connection import CloseWithoutAnswer
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.faults.headers import ContentType
from oauth_gauntlet_server.faults.http_status import HttpStatus
from oauth_gauntlet_server.faults.oauth_errors import OAuthError
from oauth_gauntlet_server.faults.presets import PRESETS, register_preset
from oauth_gauntlet_server.faults.timing import Delay
from oauth_gauntlet_server.faults.token_shape import TokenMember, TokenResponse, WithoutTokenMember

__all__ = [
    "PRESETS",
    "ArmedFault",
    "ArmedFaults",
    "Fault",
    "FaultContext",
    "FaultError",
    "FaultUnavailable",
    "Trigger",
    "all_faults",
    "all_of",
    "body",
    "close_without_answer",
    "content_type",
    "delay",
    "fault",
    "fault_from_json",
    "http_status",
    "no_other_origin",
    "oauth_error",
    "register",
    "register_preset",
    "token_member",
    "token_response",
    "without_token_member",
]


def fault(name: str, **parameters: Any) -> Fault:
    """Return any fault by its registered name; the parameters are JSON values.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the text names the
            nearest known name.
    """
    return fault_from_json({**parameters, "fault": name})


def all_of(*faults: Fault) -> Fault:
    """Return one fault that combines several; of one that combines several itself, it takes each."""
    return AllOf(faults=tuple(part for fault in faults for part in (fault.faults if isinstance(fault, AllOf) else (fault,))))


def oauth_error(error: Any, *, status: int = 400, description: Any = None, uri: Any = None) -> Fault:
    """Return a fault that answers with an OAuth error document."""
    return OAuthError(error=error, status=status, description=description, uri=uri)


def http_status(
    status: int,
    body: str = "",
    *,
    content_type: str | None = None,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
) -> Fault:
    """Return a fault that answers with any status, body and headers."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return HttpStatus(status=status, body=body, content_type=content_type, headers=tuple(pairs))


def content_type(value: str | None) -> Fault:
    """Return a fault that sends the genuine answer with another Content-Type, or without one (None)."""
    return ContentType(value=value)


def token_member(member: str, value: Any) -> Fault:
    """Return a fault that sets a member of the token document."""
    return TokenMember(member=member, value=value)


def without_token_member(member: str) -> Fault:
    """Return a fault that removes a member from the token document."""
    return WithoutTokenMember(member=member)


def token_response(document: dict[str, Any] | str | bytes) -> Fault:
    """Return a fault that answers 200 with exactly this document, or exactly these octets."""
    if isinstance(document, dict):
        document = json.dumps(document)
    return TokenResponse(body=document.encode() if isinstance(document, str) else document)


def body(content: str | bytes) -> Fault:
    """Return a fault that sends the genuine answer with another body."""
    return Body(content=content.encode() if isinstance(content, str) else content)


def delay(seconds: float) -> Fault:
    """Return a fault that waits before the first octet of the answer."""
    return Delay(seconds=seconds)


def close_without_answer() -> Fault:
    """Return a fault that closes the connection instead of sending an answer."""
    return CloseWithoutAnswer()
