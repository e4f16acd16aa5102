"""Faults: named ways to misbehave, as values.

A fault is a frozen dataclass; its fields are its parameters, its docstring says what it does and which real server does
that or which RFC it breaks, and it has a JSON form. It takes part in an answer at one of two points:

* `instead`: it answers in place of the authorization server, which does not process the request at all;
* `transform`: it changes the answer that there is.

Faults compose: of those that fire for a request, the first that answers `instead` does, and all transform in order.
"""

from __future__ import annotations

import dataclasses
import difflib
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http_request import RecordedRequest


class FaultError(ValueError):
    """A fault's name, or one of its parameters, is wrong."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultContext:
    """The request for which a fault may fire; grant type and client id as far as they could be read."""

    endpoint: str
    request: RecordedRequest
    issuer: str
    grant_type: str | None = None
    client_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A way to misbehave. Subclasses are registered under their `name`."""

    name: ClassVar[str]

    def instead(self, context: FaultContext) -> Answer | None:  # noqa: ARG002 - for subclasses
        """Answer in place of the authorization server, or return None to let it process the request."""
        return None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - for subclasses
        """Return the answer as this fault leaves it."""
        return answer

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: the name under ``fault``, and every parameter."""
        return {"fault": self.name} | {
            field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)
        }


F = TypeVar("F", bound=type[Fault])

_registered: dict[str, type[Fault]] = {}


def register(fault_class: F) -> F:
    """Make a fault known under its name (class decorator)."""
    _registered[fault_class.name] = fault_class
    return fault_class


def all_faults() -> dict[str, type[Fault]]:
    """Return every registered fault class by name."""
    return dict(_registered)


def fault_from_json(document: Mapping[str, Any]) -> Fault:
    """Return the fault of a JSON form.

    Raises:
        FaultError: the name or a parameter is unknown, missing, or of the wrong type; the text names the nearest.
    """
    name = document.get("fault")
    fault_class = _registered.get(name) if isinstance(name, str) else None
    if fault_class is None:
        raise FaultError(f"unknown fault {name!r}{_nearest(str(name), _registered)}")
    given = {key: value for key, value in document.items() if key not in {"fault", "when"}}
    fields = {field.name: field for field in dataclasses.fields(fault_class)}
    for key in given:
        if key not in fields:
            raise FaultError(f"fault {name}: unknown parameter {key!r}{_nearest(key, fields)}")
    hints = typing.get_type_hints(fault_class)
    try:
        return fault_class(**{key: _converted(value, hints[key], f"{name}.{key}") for key, value in given.items()})
    except TypeError as error:
        raise FaultError(f"fault {name}: {error}") from error


def _converted(value: Any, hint: Any, path: str) -> Any:
    if hint is Any:
        return value
    if hint is bytes and isinstance(value, str):
        return value.encode("latin-1", "replace")
    if typing.get_origin(hint) is tuple and isinstance(value, list):
        return tuple(tuple(item) if isinstance(item, list) else item for item in value)
    allowed = typing.get_args(hint) or (hint,)
    kinds = tuple(typing.get_origin(kind) or kind for kind in allowed)
    if float in kinds:
        kinds = (*kinds, int)
    if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
        expected = " or ".join("null" if kind is type(None) else kind.__name__ for kind in kinds)
        raise FaultError(f"fault {path}: expected {expected}, got {value!r}")
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _nearest(name: str, known: Mapping[str, Any]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    return f"; did you mean {', '.join(close)}?" if close else f"; there are {', '.join(sorted(known))}"
