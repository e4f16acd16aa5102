"""The base class of faults, and their registry by name.

A fault is a frozen dataclass. Its fields are its parameters. Its docstring is shown to users: it describes
what the fault does, and which real server does the same or which RFC the fault breaks. A fault acts at one of
two points:

* `instead` answers in place of the authorization server, which then does not process the request;
* `transform` changes the genuine answer of the authorization server, or the answer of another fault.

Faults compose. Of the faults that are due for a request, the first whose `instead` returns an answer provides
it; then all of them transform it, in the order in which they were armed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeAlias, TypeVar

from oauth_gauntlet_server.faults.fault_json import check_bounds, document_schema, parameters_of
from oauth_gauntlet_server.faults.parameter_types import PARAMETER_TYPES, ParameterType
from oauth_gauntlet_server.faults.registry import Registry
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.http.json_values import fields_as_json
from oauth_gauntlet_server.jose.token_signing import TokenSigning


class FaultUnavailable(Exception):
    """The server cannot deliver a fault; the text names what the fault needs."""


def no_other_origin() -> str:
    """Raise FaultUnavailable; used in place of a second origin where the server has none.

    Raises:
        FaultUnavailable: always.
    """
    raise FaultUnavailable("this fault needs a second origin; run the server with oauth-gauntlet serve or as MockServer")


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultContext:
    """The request for which a fault can fire. `grant_type` and `client_id` are None if they cannot be read from it.

    `now` is the tenant's time in seconds since the epoch. `other_origin` returns the base URL of a second
    origin, and raises `FaultUnavailable` where there is none; the tenant's journal shows its requests under
    the endpoint ``other_origin``. `rename_token(issued, other)` makes the server accept an issued access
    token under another value too; a third argument gives that value other additional claims. `signing` is how the
    tenant signs JWT access tokens.
    """

    endpoint: str
    request: RecordedRequest
    issuer: str
    grant_type: str | None = None
    client_id: str | None = None
    now: float = 0.0
    other_origin: Callable[[], str] = no_other_origin
    rename_token: Callable[..., None] = lambda issued, other, claims=None: None  # noqa: ARG005
    signing: TokenSigning = field(default_factory=TokenSigning)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A deviation that the server makes on demand. Subclasses are registered under their `name`.

    `endpoint` is the fault's own endpoint: a trigger that names no endpoint means this one (None: every
    endpoint).
    """

    name: ClassVar[str]
    endpoint: ClassVar[str | None] = "token"

    def __post_init__(self) -> None:
        """Check the parameters.

        Raises:
            FaultError: a parameter is not one of the values that its annotation names, or is out of its bounds.
        """
        check_bounds(self)

    def instead(self, context: FaultContext) -> Answer | None:  # noqa: ARG002 - for subclasses
        """Answer in place of the authorization server, or return None to let it process the request."""
        return None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - for subclasses
        """Return the changed answer, or `answer` itself if it contains nothing that this fault changes."""
        return answer

    def to_json(self) -> dict[str, Any]:
        """Return the fault as JSON: its name under ``fault``, and every parameter."""
        return {"fault": self.name} | fields_as_json(self)


def success_document(answer: Answer) -> dict[str, Any] | None:
    """Return the JSON object in an answer with status 200, or None if there is none."""
    return answer.document() if answer.status == 200 else None


def with_changed_document(answer: Answer, change: Callable[[dict[str, Any]], Any]) -> Answer:
    """Return the answer with its `success_document` changed, or `answer` itself if it has none."""
    document = success_document(answer)
    return answer if document is None else answer.with_body(json.dumps(change(document)).encode())


F = TypeVar("F", bound=type[Fault])

# A document's member `when` is the trigger of the armed fault.
_REGISTRY = Registry[Fault]("fault", ignored=frozenset({"when"}))


def register(fault_class: F) -> F:
    """Register a fault class under its name (class decorator).

    Raises:
        TypeError: a parameter has an annotation for which there is no parameter type.
        FaultError: another class has this name.
    """
    _REGISTRY.add(fault_class)
    return fault_class


def all_faults() -> dict[str, type[Fault]]:
    """Return every registered fault class by name."""
    return _REGISTRY.classes()


Faults: TypeAlias = tuple[Fault, ...]
"""The type of a parameter that is a list of faults."""


def fault_from_json(document: Mapping[str, Any]) -> Fault:
    """Return the fault of a JSON document: its name under ``fault``, and its parameters.

    The member ``when``, which is the trigger, is ignored.

    Raises:
        FaultError: the name or a parameter is unknown, missing, of the wrong type or out of range; the text names the
            nearest known name.
    """
    return _REGISTRY.read(document)


def _parts_schema() -> Schema:
    """Return the schema of a list of faults; none of them contains such a list itself, or has a trigger of its own."""
    parts = {
        name: fault_class
        for name, fault_class in sorted(all_faults().items())
        if not any(parameter.type is PARAMETER_TYPES[Faults] for parameter in parameters_of(fault_class))
    }
    return {
        "type": "array",
        "items": {
            "oneOf": [document_schema(name, fault_class, title="Part") for name, fault_class in parts.items()],
            "discriminator": {"propertyName": "fault"},
        },
    }


PARAMETER_TYPES[Faults] = ParameterType(
    given=_parts_schema,
    words="a list of faults",
    convert=lambda documents: tuple(fault_from_json(document) for document in documents),
)
