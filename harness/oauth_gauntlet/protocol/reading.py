"""Read the messages of an adapter: each `*_from_json` function checks a JSON value and returns the protocol's value.

A check that fails raises `ProtocolViolation` with the path of the member. Unknown members are ignored. No I/O.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from oauth_gauntlet.protocol.messages import ClientInfo, ErrorInfo, Hello, ResourceResponse, Token
from oauth_gauntlet.protocol.names import CONFIGURATION_KEYS, PROTOCOL_VERSION, Capability, ErrorKind, GrantType
from oauth_gauntlet.reading import (
    JSON,
    JSONObject,
    Malformed,
    as_flag,
    as_number_or_null,
    as_object,
    as_pair,
    as_text_or_null,
    as_texts,
    as_whole,
    unexpected,
)
from oauth_gauntlet.reading import shown as shown

_T = TypeVar("_T")


class ProtocolViolation(ValueError):
    """A message breaks the adapter protocol; the text names the member, and what was expected."""


@contextmanager
def _violations() -> Iterator[None]:
    """Raise `ProtocolViolation` in place of `Malformed`."""
    try:
        yield
    except Malformed as error:
        raise ProtocolViolation(str(error)) from error


@_violations()
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
        catches=as_flag(answer.get("catches") or False, "hello.catches"),
        unknown=tuple(unknown),
    )


@_violations()
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


@_violations()
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


@_violations()
def token_outcome_from_json(value: JSON, path: str) -> Token | ErrorInfo:
    """Return one entry of the answer to ``get_tokens``, checked: a token or an error.

    Raises:
        ProtocolViolation: the entry is neither, or both.
    """
    return _outcome(value, path, "token", token_from_json)


@_violations()
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


@_violations()
def response_outcome_from_json(value: JSON, path: str) -> ResourceResponse | ErrorInfo:
    """Return one entry of the answer to ``requests``, checked: a response or an error.

    Raises:
        ProtocolViolation: the entry is neither, or both.
    """
    return _outcome(value, path, "response", response_from_json)


@_violations()
def texts_from_json(value: JSON, path: str = "ok") -> tuple[str, ...]:
    """Return the answer to ``describe``, checked.

    Raises:
        ProtocolViolation: the answer is not ``{"texts": [string, ...]}``.
    """
    return tuple(as_texts(as_object(value, path).get("texts"), f"{path}.texts"))


def _outcome(value: JSON, path: str, member: str, read: Callable[[JSON, str], _T]) -> _T | ErrorInfo:
    answer = as_object(value, path)
    if (member in answer) == ("error" in answer):
        raise unexpected(path, f"a member {member} or a member error", sorted(answer))
    if member in answer:
        return read(answer[member], f"{path}.{member}")
    return error_from_json(answer["error"], f"{path}.error")


def _texts(answer: JSONObject, key: str) -> list[str]:
    value = answer.get(key)
    return [] if value is None else as_texts(value, f"hello.{key}")


def _text(answer: JSONObject, key: str, path: str) -> str:
    return _optional_text(answer, key, path) or ""


@_violations()
def utc_offset_from_json(answer: JSONObject) -> float | None:
    """Return how far local time is ahead of UTC by the answer to ``now``, in seconds; None if it does not say.

    Raises:
        ProtocolViolation: `utc_offset` is no finite number.
    """
    return _optional_number(answer, "utc_offset", "ok")


@_violations()
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
