"""Describe every fault for the command line, the documentation and the control API.

The descriptions are values made from the registered classes and their docstrings; this module does no I/O.
"""

from __future__ import annotations

import inspect
import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from oauth_gauntlet_server.faults.base import Fault, all_faults
from oauth_gauntlet_server.faults.fault_json import parameters_of
from oauth_gauntlet_server.faults.presets import PRESETS
from oauth_gauntlet_server.http.endpoints import BY_NAME, JWKS, METADATA, RESOURCE, TOKEN
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, all_connection_faults

F = TypeVar("F", Fault, ConnectionFault)


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterDescription:
    """A parameter of a fault: `shape` is its JSON type in words, `default` its default as JSON text (None: required)."""

    name: str
    shape: str
    default: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultDescription:
    """A fault with its parameters and the names of its presets.

    `family` is the first line of its module's docstring, `text` its own docstring. `needs_port`: it is a connection
    fault, which needs a separate port and cannot be armed on a tenant.
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
    """Return every fault, family by family in the alphabetical order of their modules; connection faults last."""
    at_ports = (_described(name, fault_class) for name, fault_class in _by_module(all_connection_faults()))
    return (
        *(_described(name, fault_class) for name, fault_class in _by_module(all_faults())),
        *(replace(each, needs_port=True, endpoint=None) for each in at_ports),
    )


def _by_module(registered: Mapping[str, type[F]]) -> list[tuple[str, type[F]]]:
    return sorted(registered.items(), key=lambda item: item[1].__module__)


def preset_path(name: str, *, tenant: str = "default") -> str:
    """Return the path of a preset's URL."""
    endpoint = BY_NAME[PRESETS[name].endpoint or TOKEN.name]
    return f"/{tenant}/faults/{name}/{endpoint.path}"


def preset_command(name: str, *, base_url: str) -> str:
    """Return a ``curl`` command that sends a request to a preset."""
    url = f"{base_url}{preset_path(name)}"
    endpoint = PRESETS[name].endpoint
    if endpoint in {METADATA.name, JWKS.name}:
        return shlex.join(["curl", "-i", url])
    if endpoint == RESOURCE.name:
        return shlex.join(["curl", "-i", "-H", "Authorization: Bearer demo-access-token", url])
    return shlex.join(["curl", "-i", "-u", "demo-client:demo-secret", url, "-d", "grant_type=client_credentials"])


def _described(name: str, fault_class: type[Fault | ConnectionFault]) -> FaultDescription:
    module = sys.modules[fault_class.__module__]
    return FaultDescription(
        name=name,
        family=(module.__doc__ or name).splitlines()[0].removeprefix("Family: ").rstrip("."),
        text=inspect.getdoc(fault_class) or "",
        endpoint=getattr(fault_class, "endpoint", None),
        parameters=tuple(
            ParameterDescription(
                name=each.name, shape=each.type.words, default=None if each.required else json.dumps(each.default)
            )
            for each in parameters_of(fault_class)
        ),
        presets=tuple(preset for preset, fault in PRESETS.items() if fault.name == name),
    )
