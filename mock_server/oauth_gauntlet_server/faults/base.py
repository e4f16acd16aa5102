"""Faults: named ways to misbehave, as values.

A fault is a frozen dataclass; its fields are its parameters, its docstring says what it does and which real server does
that or which RFC it breaks, and it has a JSON form. It takes part in an answer at one of two points:

* `instead`: it answers in place of the authorization server, which does not process the request at all;
* `transform`: it changes the answer that there is.

Faults compose: of those that are due for a request, the first that answers `instead` does, and all transform in order.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, TypeVar

from oauth_gauntlet_server.faults.fault_json import FaultError, arguments, nearest, plain
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest


class FaultUnavailable(Exception):
    """The fault cannot be delivered where this server runs; the text says what it needs."""


def no_other_origin() -> str:
    """Stand in for a second origin where there is none.

    Raises:
        FaultUnavailable: always.
    """
    raise FaultUnavailable("this fault needs a second origin; run the server with oauth-gauntlet serve or as MockServer")


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultContext:
    """The request for which a fault may fire; grant type and client id as far as they could be read.

    `now` is the tenant's time in seconds since the epoch; `other_origin` returns the base URL of a second origin whose
    requests the tenant's journal shows under the endpoint ``other_origin``, and raises `FaultUnavailable` without one;
    `rename_token` makes an access token that was issued known under another name too.
    """

    endpoint: str
    request: RecordedRequest
    issuer: str
    grant_type: str | None = None
    client_id: str | None = None
    now: float = 0.0
    other_origin: Callable[[], str] = no_other_origin
    rename_token: Callable[[str, str], None] = lambda issued, other: None  # noqa: ARG005


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A way to misbehave. Subclasses are registered under their `name`.

    `endpoint` is where the fault makes sense: what a trigger that names no endpoint means (None: any).
    """

    name: ClassVar[str]
    endpoint: ClassVar[str | None] = "token"

    def instead(self, context: FaultContext) -> Answer | None:  # noqa: ARG002 - for subclasses
        """Answer in place of the authorization server, or return None to let it process the request."""
        return None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - for subclasses
        """Return the answer as this fault leaves it; `answer` itself where there is nothing for it to change."""
        return answer

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: the name under ``fault``, and every parameter."""
        return {"fault": self.name} | {field.name: plain(getattr(self, field.name)) for field in dataclasses.fields(self)}


def final_status(name: str, status: int) -> None:
    """Check a status code: three digits, and of a final response (RFC 9110 §15).

    Raises:
        FaultError: it is none.
    """
    if not 200 <= status <= 999:
        raise FaultError(f"fault {name}: status lies between 200 and 999, got {status}")


F = TypeVar("F", bound=type[Fault])

_registered: dict[str, type[Fault]] = {}


def register(fault_class: F) -> F:
    """Make a fault known under its name (class decorator)."""
    _registered[fault_class.name] = fault_class
    return fault_class


def all_faults() -> dict[str, type[Fault]]:
    """Return every registered fault class by name."""
    return dict(_registered)


Faults: TypeAlias = tuple[Fault, ...]
"""Several faults, as a parameter of one."""


def _faults(value: Any, path: str) -> Faults:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise FaultError(f"{path}: expected a list of faults, got {value!r}")
    return tuple(fault_from_json(item) for item in value)


def fault_from_json(document: Mapping[str, Any]) -> Fault:
    """Return the fault of a JSON form.

    A member ``when``, the trigger, is left alone.

    Raises:
        FaultError: the name or a parameter is unknown, missing, or of the wrong type; the text names the nearest.
    """
    name = document.get("fault")
    fault_class = _registered.get(name) if isinstance(name, str) else None
    if fault_class is None:
        raise FaultError(f"unknown fault {name!r}{nearest(str(name), _registered)}")
    hints = typing.get_type_hints(fault_class)
    fields = {field.name: field for field in dataclasses.fields(fault_class)}
    given = arguments(
        {key: value for key, value in document.items() if key not in {"fault", "when"}},
        {key: hints[key] for key in fields},
        what=f"fault {name}",
        readers={Faults: _faults},
    )
    for key, field in fields.items():
        if key not in given and field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise FaultError(f"fault {name}: the parameter {key!r} is missing")
    return fault_class(**given)
