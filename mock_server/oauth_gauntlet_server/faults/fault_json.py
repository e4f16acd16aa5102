"""Read the parameters of a fault or a trigger from JSON.

The parameters are the fields of a dataclass; `parameter_types` decides by their annotations what each
accepts.
"""

from __future__ import annotations

import dataclasses
import inspect
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oauth_gauntlet_server.faults.parameter_types import ParameterType, parameter_type, plain_text
from oauth_gauntlet_server.http.json_schema import Refused, Schema, read
from oauth_gauntlet_server.http.json_values import as_json


class FaultError(ValueError):
    """A fault's name, or a parameter of a fault or of a trigger, is wrong; the text is one sentence about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A parameter of a fault or a trigger. `annotation` is Python text, `default` is JSON (None if `required`)."""

    name: str
    annotation: str
    type: ParameterType
    required: bool
    default: Any = None


def parameters_of(value_class: type[Any]) -> tuple[Parameter, ...]:
    """Return the parameters of a fault class, or of `Trigger`, in the order of its fields.

    Raises:
        TypeError: a field has an annotation for which there is no parameter type.
    """
    if value_class not in _PARAMETERS:
        _PARAMETERS[value_class] = _read_parameters(value_class)
    return _PARAMETERS[value_class]


_PARAMETERS: dict[type[Any], tuple[Parameter, ...]] = {}
"""What `parameters_of` has returned: reading the annotations of a class takes longer than a request."""


def _read_parameters(value_class: type[Any]) -> tuple[Parameter, ...]:
    hints = typing.get_type_hints(value_class, include_extras=True)
    parameters = []
    for field in dataclasses.fields(value_class):
        factory = field.default_factory
        required = field.default is dataclasses.MISSING and factory is dataclasses.MISSING
        default = field.default if factory is dataclasses.MISSING else factory()
        parameters.append(
            Parameter(
                name=field.name,
                annotation=plain_text(hints[field.name]),
                type=parameter_type(hints[field.name]),
                required=required,
                default=None if required else as_json(default),
            )
        )
    return tuple(parameters)


def document_schema(name: str, value_class: type[Any], *, title: str, more: Mapping[str, Schema] | None = None) -> Schema:
    """Return the schema of the JSON document of a fault: its name, its parameters, and `more` members.

    Its title is the name of the class, followed by `title`.
    """
    parameters = parameters_of(value_class)
    return {
        "title": f"{value_class.__name__}{title}",
        "description": inspect.getdoc(value_class) or "",
        "type": "object",
        "properties": {"fault": {"const": name}, **{each.name: each.type.schema for each in parameters}, **(more or {})},
        "required": ["fault", *(each.name for each in parameters if each.required)],
        "additionalProperties": False,
    }


def check_bounds(value: Any) -> None:
    """Check the parameters of a fault or a trigger that was made in Python.

    From JSON, `arguments` has checked them by the same schema.

    Raises:
        FaultError: a parameter is not one of the values that its annotation names, or is out of its bounds.
    """
    try:
        parameters = parameters_of(type(value))
    except TypeError:
        # A fault that is not registered is never read from JSON: its parameters may be of any type.
        return
    for parameter in parameters:
        if parameter.type.narrow:
            try:
                read(as_json(getattr(value, parameter.name)), parameter.type.schema)
            except Refused as refused:
                what = f"fault {value.name}" if hasattr(value, "name") else type(value).__name__.lower()
                place = ": ".join((what, parameter.name, *map(str, refused.member)))
                raise FaultError(f"{place}: {refused}") from refused


def arguments(value_class: type[Any], document: Mapping[str, Any], *, what: str) -> dict[str, Any]:
    """Return the members of a JSON document as keyword arguments of a class; `what` begins the text of an error.

    Raises:
        FaultError: a member is missing, unknown (the text names the nearest), or does not match its type.
    """
    parameters = parameters_of(value_class)
    types = {parameter.name: parameter.type for parameter in parameters}
    schema: Schema = {
        "type": "object",
        "properties": {name: each.schema for name, each in types.items()},
        "required": [parameter.name for parameter in parameters if parameter.required],
        "additionalProperties": False,
    }
    try:
        given = read(document, schema)
    except Refused as refused:
        raise FaultError(": ".join((what, *map(str, refused.member), str(refused)))) from refused
    found: dict[str, Any] = {}
    for name, value in given.items():
        try:
            found[name] = types[name].convert(value)
        except ValueError as error:
            raise FaultError(f"{what}: {name}: {error}") from error
    return found
