"""Read the messages of an adapter: each `*_from_json` function checks a JSON value and returns the protocol's value.

A check that fails raises `ProtocolViolation` with the path of the member. Unknown members are ignored. No I/O.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import cast

from oauth_gauntlet.protocol.messages import JSON, ClientInfo, ErrorInfo, Hello, JSONObject, ResourceResponse, Token
from oauth_gauntlet.protocol.names import CONFIGURATION_KEYS, PROTOCOL_VERSION, Capability, ErrorKind, GrantType


class ProtocolViolation(ValueError):
    """A message breaks the adapter protocol; the text names the member, and what was expected."""


def hello_from_json(value: JSON) -> Hello:
    """Return the answer to ``hello``, checked.

    Raises:
        ProtocolViolation: a member is missing or has a wrong type, or the protocol has another version.
    """
    answer = _object(value, "hello")
    if answer.get("protocol") != PROTOCOL_VERSION:
        raise ProtocolViolation(
            f"hello.protocol: expected {PROTOCOL_VERSION}, got {shown(answer.get('protocol'))}; "
            "this harness supports version 1 only"
        )
    client = _object(answer.get("client"), "hello.client")
    name = client.get("name")
    if not isinstance(name, str) or not name:
        raise ProtocolViolation(f"hello.client.name: expected the client's name, got {shown(name)}")
    info = ClientInfo(
        name=name,
        version=_text(client, "version", "hello.client"),
        language=_text(client, "language", "hello.client"),
        runtime=_text(client, "runtime", "hello.client"),
        url=_text(client, "url", "hello.client"),
    )
    unknown: list[str] = []
    grants: set[GrantType] = set()
    for item in _strings(answer, "grants", required=True):
        if item in list(GrantType):
            grants.add(GrantType(item))
        else:
            unknown.append(f"grants: {item}")
    capabilities: set[Capability] = set()
    for item in _strings(answer, "capabilities"):
        if item in list(Capability):
            capabilities.add(Capability(item))
        else:
            unknown.append(f"capabilities: {item}")
    parameters = _strings(answer, "parameters")
    unknown += [f"parameters: {item}" for item in parameters if item not in CONFIGURATION_KEYS]
    return Hello(
        client=info,
        grants=frozenset(grants),
        token_endpoint_auth_methods=frozenset(_strings(answer, "token_endpoint_auth_methods")),
        parameters=frozenset(parameters) & CONFIGURATION_KEYS,
        capabilities=frozenset(capabilities),
        unknown=tuple(unknown),
    )


def token_from_json(value: JSON, path: str = "token") -> Token:
    """Return a token, checked.

    Raises:
        ProtocolViolation: `access_token` is missing, or another member has a wrong type.
    """
    answer = _object(value, path)
    if "access_token" not in answer:
        raise ProtocolViolation(f"{path}.access_token: missing; report what the client exposes, null included")
    return Token(
        access_token=answer["access_token"],
        token_type=_optional_text(answer, "token_type", path),
        expires_in=_optional_number(answer, "expires_in", path),
        expires_at=_optional_number(answer, "expires_at", path),
        refresh_token=_optional_text(answer, "refresh_token", path),
        scope=_optional_text(answer, "scope", path),
        extra=_object(answer.get("extra") or {}, f"{path}.extra"),
    )


def error_from_json(value: JSON, path: str = "error") -> ErrorInfo:
    """Return an error, checked.

    Raises:
        ProtocolViolation: the kind is unknown, or a member has a wrong type.
    """
    answer = _object(value, path)
    kind = answer.get("kind")
    if kind not in list(ErrorKind):
        raise ProtocolViolation(f"{path}.kind: expected one of {', '.join(ErrorKind)}; got {shown(kind)}")
    status = _optional_number(answer, "http_status", path)
    if status is not None and status != int(status):
        raise ProtocolViolation(f"{path}.http_status: expected a whole number or null, got {shown(status)}")
    return ErrorInfo(
        kind=ErrorKind(kind),
        message=_text(answer, "message", path),
        type=_text(answer, "type", path),
        oauth_error=_optional_text(answer, "oauth_error", path),
        oauth_error_description=_optional_text(answer, "oauth_error_description", path),
        oauth_error_uri=_optional_text(answer, "oauth_error_uri", path),
        http_status=None if status is None else int(status),
        retry_after=_optional_number(answer, "retry_after", path),
    )


def outcome_from_json(value: JSON, path: str) -> Token | ErrorInfo:
    """Return one entry of the answer to ``get_tokens``, checked: a token or an error.

    Raises:
        ProtocolViolation: the entry is neither, or both.
    """
    answer = _object(value, path)
    if ("token" in answer) == ("error" in answer):
        raise ProtocolViolation(f"{path}: expected a member token or a member error, got {shown(sorted(answer))}")
    if "token" in answer:
        return token_from_json(answer["token"], f"{path}.token")
    return error_from_json(answer["error"], f"{path}.error")


def response_from_json(value: JSON, path: str = "ok") -> ResourceResponse:
    """Return the answer to ``request``, checked.

    Raises:
        ProtocolViolation: a member is missing or has a wrong type.
    """
    answer = _object(value, path)
    status = answer.get("status")
    if not isinstance(status, int) or isinstance(status, bool):
        raise ProtocolViolation(f"{path}.status: expected a whole number, got {shown(status)}")
    headers: list[tuple[str, str]] = []
    given = answer.get("headers")
    if not isinstance(given, list | None):
        raise ProtocolViolation(f"{path}.headers: expected [[name, value], ...], got {shown(given)}")
    for pair in given or ():
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise ProtocolViolation(f"{path}.headers: expected [[name, value], ...], got {shown(pair)}")
        headers.append((pair[0], pair[1]))
    return ResourceResponse(status=status, headers=tuple(headers), body=_text(answer, "body", path))


def texts_from_json(value: JSON, path: str = "ok") -> tuple[str, ...]:
    """Return the answer to ``describe``, checked.

    Raises:
        ProtocolViolation: the answer is not ``{"texts": [string, ...]}``.
    """
    return tuple(_strings(_object(value, path), "texts", required=True, path=path))


def _object(value: JSON, path: str) -> JSONObject:
    if not isinstance(value, Mapping):
        raise ProtocolViolation(f"{path}: expected an object, got {shown(value)}")
    return value


def _strings(answer: JSONObject, key: str, *, required: bool = False, path: str = "hello") -> list[str]:
    value = answer.get(key)
    if value is None and not required:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProtocolViolation(f"{path}.{key}: expected a list of strings, got {shown(value)}")
    return cast("list[str]", value)


def _text(answer: JSONObject, key: str, path: str) -> str:
    return _optional_text(answer, key, path) or ""


def now_from_json(answer: JSONObject) -> float:
    """Return the answer to ``now``, checked: seconds since the epoch.

    Raises:
        ProtocolViolation: `now` is missing, or no finite number.
    """
    value = _optional_number(answer, "now", "ok")
    if value is None:
        raise ProtocolViolation("ok.now: expected a number of seconds since the epoch")
    return value


def _optional_text(answer: JSONObject, key: str, path: str) -> str | None:
    value = answer.get(key)
    if value is not None and not isinstance(value, str):
        raise ProtocolViolation(f"{path}.{key}: expected a string or null, got {shown(value)}")
    return value


def _optional_number(answer: JSONObject, key: str, path: str) -> float | None:
    value = answer.get(key)
    if value is not None and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise ProtocolViolation(f"{path}.{key}: expected a number or null, got {shown(value)}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ProtocolViolation(f"{path}.{key}: expected a finite number or null, got {shown(value)}")
    return value


def shown(value: JSON) -> str:
    """Return a value as error messages show it: its first 80 characters."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
