"""Named ways to misbehave, to be armed on a tenant.

The functions here make faults in one line, as scenarios like them; the classes behind them are values with a JSON form,
one family a module. `fault` makes any of them by its name.
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
)
from oauth_gauntlet_server.faults.body import Body, BodyAround, DeepBody, EndlessBody, LargeBody, UntilClose
from oauth_gauntlet_server.faults.connection import (
    CloseWithoutAnswer,
    Garbage,
    HalfClose,
    ResetWithoutAnswer,
    Truncate,
    UnsolicitedResponse,
)
from oauth_gauntlet_server.faults.content_coding import Charset, Chunked, ContentCoding, FormEncoded
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.faults.headers import ContentType, Header, HugeHeaders, RawHeaders
from oauth_gauntlet_server.faults.http_status import HttpStatus, Interim, RetryAfter, Status, StatusLine
from oauth_gauntlet_server.faults.jwt_tokens import JwtAccessToken
from oauth_gauntlet_server.faults.metadata import KeySet, MetadataMember
from oauth_gauntlet_server.faults.oauth_errors import BearerError, OAuthError
from oauth_gauntlet_server.faults.presets import PRESETS
from oauth_gauntlet_server.faults.redirect import Redirect
from oauth_gauntlet_server.faults.timing import Delay, Drip, Silence
from oauth_gauntlet_server.faults.token_shape import (
    GrantedScope,
    LongToken,
    NestToken,
    RawTokenMember,
    RenameTokenMember,
    TokenMember,
    TokenResponse,
    WithoutTokenMember,
)

__all__ = [
    "PRESETS",
    "AllOf",
    "ArmedFault",
    "ArmedFaults",
    "BearerError",
    "Body",
    "BodyAround",
    "Charset",
    "Chunked",
    "CloseWithoutAnswer",
    "ContentCoding",
    "ContentType",
    "DeepBody",
    "Delay",
    "Drip",
    "EndlessBody",
    "Fault",
    "FaultContext",
    "FaultError",
    "FaultUnavailable",
    "FormEncoded",
    "Garbage",
    "GrantedScope",
    "HalfClose",
    "Header",
    "HttpStatus",
    "HugeHeaders",
    "Interim",
    "JwtAccessToken",
    "KeySet",
    "LargeBody",
    "LongToken",
    "MetadataMember",
    "NestToken",
    "OAuthError",
    "RawHeaders",
    "RawTokenMember",
    "Redirect",
    "RenameTokenMember",
    "ResetWithoutAnswer",
    "RetryAfter",
    "Silence",
    "Status",
    "StatusLine",
    "TokenMember",
    "TokenResponse",
    "Trigger",
    "Truncate",
    "UnsolicitedResponse",
    "UntilClose",
    "WithoutTokenMember",
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
    "token_member",
    "token_response",
    "without_token_member",
]


def fault(name: str, **parameters: Any) -> Fault:
    """Make any fault by its registered name.

    Raises:
        FaultError: the name or a parameter is unknown, missing, or of the wrong type; the text names the nearest.
    """
    return fault_from_json({**parameters, "fault": name})


def all_of(*faults: Fault) -> Fault:
    """Put several faults together into one."""
    return AllOf(faults=faults)


def oauth_error(error: Any, *, status: int = 400, description: Any = None, uri: Any = None) -> Fault:
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
