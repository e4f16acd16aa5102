"""What faults there are, as values to print: for the command line, the documentation and the control API. Pure."""

from __future__ import annotations

import dataclasses
import inspect
import json
import shlex
import sys
import types
import typing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from oauth_gauntlet_server.faults.base import Fault, Faults, all_faults
from oauth_gauntlet_server.faults.fault_json import JSON_NAMES, plain
from oauth_gauntlet_server.faults.presets import PRESETS
from oauth_gauntlet_server.http.endpoints import BY_NAME, TOKEN
from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, all_connection_faults

_SHAPES: dict[Any, str] = {
    Any: "any JSON value",
    bytes: 'a string, or {"base64": "..."}',
    Headers: "[[name, value], ...]",
    Faults: "a list of faults",
    dict[str, Any]: "an object",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterDescription:
    """A parameter of a fault: its JSON type in words, and its default as JSON text (None: it has to be given)."""

    name: str
    shape: str
    default: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultDescription:
    """A fault: `family` is its module's, `text` its docstring, `presets` the names under which it has a URL.

    `needs_port`: it happens before a request is read, so that it is met at a port of its own and not armed on a tenant.
    """

    name: str
    family: str
    text: str
    endpoint: str | None
    parameters: tuple[ParameterDescription, ...]
    presets: tuple[str, ...] = ()
    needs_port: bool = False

    @property
    def summary(self) -> str:
        """The first line of the text."""
        return self.text.splitlines()[0]


def describe() -> tuple[FaultDescription, ...]:
    """Return every fault, family by family in the order of registration; those of a port last."""
    at_ports = (_described(name, fault_class) for name, fault_class in all_connection_faults().items())
    return (
        *(_described(name, fault_class) for name, fault_class in all_faults().items()),
        *(replace(each, needs_port=True, endpoint=None) for each in at_ports),
    )


def preset_path(name: str, *, tenant: str = "default") -> str:
    """Return the path under which a preset is met."""
    endpoint = BY_NAME[PRESETS[name].endpoint or TOKEN.name]
    return f"/{tenant}/faults/{name}/{endpoint.path}"


def preset_command(name: str, *, base_url: str) -> str:
    """Return a ``curl`` line that meets a preset."""
    url = f"{base_url}{preset_path(name)}"
    endpoint = PRESETS[name].endpoint
    if endpoint in {"metadata", "jwks"}:
        return shlex.join(["curl", "-i", url])
    if endpoint == "resource":
        return shlex.join(["curl", "-i", "-H", "Authorization: Bearer demo-access-token", url])
    return shlex.join(["curl", "-i", "-u", "demo-client:demo-secret", url, "-d", "grant_type=client_credentials"])


def _described(name: str, fault_class: type[Fault | ConnectionFault]) -> FaultDescription:
    hints = typing.get_type_hints(fault_class)
    module = sys.modules[fault_class.__module__]
    return FaultDescription(
        name=name,
        family=(module.__doc__ or name).splitlines()[0].removeprefix("Family: ").rstrip("."),
        text=inspect.getdoc(fault_class) or "",
        endpoint=getattr(fault_class, "endpoint", None),
        parameters=tuple(
            ParameterDescription(name=field.name, shape=_shape(hints[field.name]), default=_default(field))
            for field in dataclasses.fields(fault_class)
        ),
        presets=tuple(preset for preset, fault in PRESETS.items() if fault.name == name),
    )


def _shape(hint: Any) -> str:
    if hint in _SHAPES:
        return _SHAPES[hint]
    if typing.get_origin(hint) is typing.Literal:
        return " or ".join(json.dumps(choice) for choice in typing.get_args(hint))
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return " or ".join(json.dumps(choice) for choice in hint)
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return " or ".join(JSON_NAMES[kind] for kind in kinds)


def _default(field: dataclasses.Field[Any]) -> str | None:
    if field.default is not dataclasses.MISSING:
        return json.dumps(plain(field.default))
    if field.default_factory is not dataclasses.MISSING:
        return json.dumps(field.default_factory())
    return None
