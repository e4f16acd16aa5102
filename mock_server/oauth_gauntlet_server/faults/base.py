"""Faults: named ways to misbehave, as values.

A fault is a frozen dataclass; its fields are its parameters, its docstring says what it does and which real server does
that or which RFC it breaks, and it has a JSON form. It takes part in an answer at one of two points:

* `instead`: it answers in place of the authorization server, which does not process the request at all;
* `transform`: it changes the answer that there is.

Faults compose: of those that are due for a request, the first that answers `instead` does, and all transform in order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, TypeVar

from oauth_gauntlet_server.faults.fault_json import FaultError, arguments, parameters_of
from oauth_gauntlet_server.faults.parameter_types import PARAMETER_TYPES, ParameterType
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.json_schema import did_you_mean
from oauth_gauntlet_server.http.json_values import as_json


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
        return {"fault": self.name} | {field.name: as_json(getattr(self, field.name)) for field in dataclasses.fields(self)}


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
    """Register a fault class under its name (class decorator).

    Raises:
        TypeError: a parameter has an annotation for which there is no parameter type.
    """
    parameters_of(fault_class)
    _registered[fault_class.name] = fault_class
    return fault_class


def all_faults() -> dict[str, type[Fault]]:
    """Return every registered fault class by name."""
    return dict(_registered)


Faults: TypeAlias = tuple[Fault, ...]
"""Several faults, as a parameter of one."""


def fault_from_json(document: Mapping[str, Any]) -> Fault:
    """Return the fault of a JSON document: its name under ``fault``, and its parameters.

    The member ``when``, which is the trigger, is ignored.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the text names the
            nearest.
    """
    name = document.get("fault")
    fault_class = _registered.get(name) if isinstance(name, str) else None
    if fault_class is None:
        raise FaultError(f"unknown fault {name!r}{did_you_mean(str(name), _registered)}")
    given = {key: value for key, value in document.items() if key not in {"fault", "when"}}
    return fault_class(**arguments(fault_class, given, what=f"fault {name}"))


PARAMETER_TYPES[Faults] = ParameterType(
    schema={
        "type": "array",
        "items": {"type": "object", "properties": {"fault": {"type": "string"}}, "required": ["fault"]},
    },
    words="a list of faults",
    convert=lambda documents: tuple(fault_from_json(document) for document in documents),
)
