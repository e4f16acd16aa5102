"""Parameters of faults and triggers as JSON, checked by the annotations of their fields."""

from __future__ import annotations

import base64
import binascii
import difflib
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, TypeAlias

from oauth_gauntlet_server.http.http_request import Headers


class FaultError(ValueError):
    """A fault's or a trigger's name, or one of its parameters, is wrong."""


Reader: TypeAlias = Callable[[Any, str], Any]
"""Makes a parameter of a JSON value; the text is where it stands, for the error."""


def arguments(
    document: Mapping[str, Any],
    parameters: Mapping[str, Any],
    *,
    what: str,
    readers: Mapping[Any, Reader] = types.MappingProxyType({}),
) -> dict[str, Any]:
    """Return the members of a document as keyword arguments; `parameters` maps names to type annotations.

    `readers` reads parameters whose annotation this module does not know.

    Raises:
        FaultError: a member is no parameter (the text names the nearest), or has the wrong type.
    """
    for name in document:
        if name not in parameters:
            raise FaultError(f"{what}: unknown parameter {name!r}{nearest(name, parameters)}")
    known = {bytes: _octets, Headers: _headers, dict[str, Any]: _object, **readers}
    return {name: _converted(value, parameters[name], f"{what}: {name}", known) for name, value in document.items()}


def plain(value: Any) -> Any:
    """Return a parameter as JSON: octets as text where they are UTF-8, else as ``{"base64": ...}``; pairs as lists."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value.to_json() if hasattr(value, "to_json") else value


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence that says what may have been meant."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else f"; there are {', '.join(names)}"


def _converted(value: Any, hint: Any, path: str, readers: Mapping[Any, Reader]) -> Any:
    if hint is Any:
        return value
    if hint in readers:
        return readers[hint](value, path)
    if typing.get_origin(hint) is typing.Literal:
        return _choice(value, typing.get_args(hint), path)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(_choice(value, tuple(hint), path))
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    accepted = (*kinds, int) if float in kinds else kinds
    # To Python a bool is an int; to JSON it is none.
    if not isinstance(value, accepted) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join(JSON_NAMES[kind] for kind in kinds)
        raise FaultError(f"{path}: expected {expected}, got {value!r}")
    return value


def _choice(value: Any, choices: tuple[str, ...], path: str) -> Any:
    if value not in choices or isinstance(value, bool):
        shown = ", ".join(json.dumps(choice) for choice in choices)
        raise FaultError(f"{path}: expected one of {shown}, got {value!r}")
    return value


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise FaultError(f"{path}: expected an object, got {value!r}")
    return dict(value)


def _octets(value: Any, path: str) -> bytes:
    try:
        if isinstance(value, str):
            return value.encode()
        if isinstance(value, Mapping) and set(value) == {"base64"} and isinstance(value["base64"], str):
            return base64.b64decode(value["base64"], validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise FaultError(f"{path}: {error}") from error
    raise FaultError(f'{path}: expected a string or {{"base64": "..."}}, got {value!r}')


def _headers(value: Any, path: str) -> Headers:
    pairs = list(value.items()) if isinstance(value, Mapping) else value
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair) for pair in pairs
    ):
        raise FaultError(f"{path}: expected [[name, value], ...] or an object of strings, got {value!r}")
    return tuple((name, text) for name, text in pairs)


JSON_NAMES: dict[Any, str] = {
    str: "a string",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    types.NoneType: "null",
}
