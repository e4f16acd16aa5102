"""Read the messages of an adapter: each `*_from_json` function checks a JSON value and returns the protocol's value.

A check that fails raises `ProtocolViolation` with the path of the member. Unknown members are ignored. No I/O.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from oauth_gauntlet.protocol.messages import ClientInfo, ErrorInfo, Hello, ResourceResponse, Token
from oauth_gauntlet.protocol.names import CONFIGURATION_KEYS, PROTOCOL_VERSION, Capability, ErrorKind, GrantType
from oauth_gauntlet.reading import (
    JSON,
    JSONObject,
    Malformed,
    as_number_or_null,
    as_object,
    as_pair,
    as_text_or_null,
    as_texts,
    as_whole,
    unexpected,
)
from oauth_gauntlet.reading import shown as shown

_P = ParamSpec("_P")
_T = TypeVar("_T")


class ProtocolViolation(ValueError):
    """A message breaks the adapter protocol; the text names the member, and what was expected."""


def _violations(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """Make a reader raise `ProtocolViolation` where it would raise `Malformed`."""

    @functools.wraps(read)
    def converting(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except Malformed as error:
            raise ProtocolViolation(str(error)) from error

    return converting


@_violations
def hello_from_json(value: JSON) -> Hello:
    """Return the answer to ``hello``, checked.

    Raises:
        ProtocolViolation: a member is missing or has a wrong type, or the protocol has another version.
    """
    answer = as_object(value, "hello")
    if answer.get("protocol") != PROTOCOL_VERSION:
        raise ProtocolViolation(
            f"hello.protocol: expected {PROTOCOL_VERSION}, got {shown(answer.get('protocol'))}; "
            "this harness supports version 1 only"
        )
    client = as_object(answer.get("client"), "hello.client")
    name = client.get("name")
    if not isinstance(name, str) or not name:
        raise unexpected("hello.client.name", "the client's name", name)
    info = ClientInfo(
        name=name,
        version=_text(client, "version", "hello.client"),
        language=_text(client, "language", "hello.client"),
        runtime=_text(client, "runtime", "hello.client"),
        url=_text(client, "url", "hello.client"),
    )
    unknown: list[str] = []
    grants: set[GrantType] = set()
    for item in as_texts(answer.get("grants"), "hello.grants"):
        if item in list(GrantType):
            grants.add(GrantType(item))
        else:
            unknown.append(f"grants: {item}")
    capabilities: set[Capability] = set()
    for item in _texts(answer, "capabilities"):
        if item in list(Capability):
            capabilities.add(Capability(item))
        else:
            unknown.append(f"capabilities: {item}")
    parameters = _texts(answer, "parameters")
    unknown += [f"parameters: {item}" for item in parameters if item not in CONFIGURATION_KEYS]
    return Hello(
        client=info,
        grants=frozenset(grants),
        token_endpoint_auth_methods=frozenset(_texts(answer, "token_endpoint_auth_methods")),
        parameters=frozenset(parameters) & CONFIGURATION_KEYS,
        capabilities=frozenset(capabilities),
        profiles=frozenset(_texts(answer, "profiles")),
        unknown=tuple(unknown),
    )


@_violations
def token_from_json(value: JSON, path: str = "token") -> Token:
    """Return a token, checked.

    Raises:
        ProtocolViolation: `access_token` is missing, or another member has a wrong type.
    """
    answer = as_object(value, path)
    if "access_token" not in answer:
        raise ProtocolViolation(f"{path}.access_token: missing; report what the client exposes, null included")
    return Token(
        access_token=answer["access_token"],
        token_type=_optional_text(answer, "token_type", path),
        expires_in=_optional_number(answer, "expires_in", path),
        expires_at=_optional_number(answer, "expires_at", path),
        refresh_token=_optional_text(answer, "refresh_token", path),
        scope=_optional_text(answer, "scope", path),
        extra=as_object(answer.get("extra") or {}, f"{path}.extra"),
    )


@_violations
def error_from_json(value: JSON, path: str = "error") -> ErrorInfo:
    """Return an error, checked.

    Raises:
        ProtocolViolation: the kind is unknown, or a member has a wrong type.
    """
    answer = as_object(value, path)
    kind = answer.get("kind")
    if kind not in list(ErrorKind):
        raise ProtocolViolation(f"{path}.kind: expected one of {', '.join(ErrorKind)}; got {shown(kind)}")
    status = _optional_number(answer, "http_status", path)
    if status is not None and status != int(status):
        raise unexpected(f"{path}.http_status", "a whole number or null", status)
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


@_violations
def outcome_from_json(value: JSON, path: str) -> Token | ErrorInfo:
    """Return one entry of the answer to ``get_tokens``, checked: a token or an error.

    Raises:
        ProtocolViolation: the entry is neither, or both.
    """
    answer = as_object(value, path)
    if ("token" in answer) == ("error" in answer):
        raise unexpected(path, "a member token or a member error", sorted(answer))
    if "token" in answer:
        return token_from_json(answer["token"], f"{path}.token")
    return error_from_json(answer["error"], f"{path}.error")


@_violations
def response_from_json(value: JSON, path: str = "ok") -> ResourceResponse:
    """Return the answer to ``request``, checked.

    Raises:
        ProtocolViolation: a member is missing or has a wrong type.
    """
    answer = as_object(value, path)
    status = as_whole(answer.get("status"), f"{path}.status")
    given = answer.get("headers")
    if not isinstance(given, list | None):
        raise unexpected(f"{path}.headers", "[[name, value], ...]", given)
    headers = tuple(as_pair(pair, f"{path}.headers", "[[name, value], ...]") for pair in given or ())
    return ResourceResponse(status=status, headers=headers, body=_text(answer, "body", path))


@_violations
def texts_from_json(value: JSON, path: str = "ok") -> tuple[str, ...]:
    """Return the answer to ``describe``, checked.

    Raises:
        ProtocolViolation: the answer is not ``{"texts": [string, ...]}``.
    """
    return tuple(as_texts(as_object(value, path).get("texts"), f"{path}.texts"))


def _texts(answer: JSONObject, key: str) -> list[str]:
    value = answer.get(key)
    return [] if value is None else as_texts(value, f"hello.{key}")


def _text(answer: JSONObject, key: str, path: str) -> str:
    return _optional_text(answer, key, path) or ""


@_violations
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
    return as_text_or_null(answer.get(key), f"{path}.{key}")


def _optional_number(answer: JSONObject, key: str, path: str) -> float | None:
    return as_number_or_null(answer.get(key), f"{path}.{key}")
