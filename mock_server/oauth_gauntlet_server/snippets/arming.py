"""Write faults as Python code: the expression that creates one, the lines that arm them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from oauth_gauntlet_server.faults.base import Fault
from oauth_gauntlet_server.http.json_values import as_json


def expression(fault: Fault) -> str:
    """Return a Python expression that creates a fault; parameters with default values are left out."""
    given = [
        f"{field.name}={as_json(getattr(fault, field.name))!r}"
        for field in dataclasses.fields(fault)
        if getattr(fault, field.name) != _default(field)
    ]
    return f"faults.fault({', '.join([repr(fault.name), *given])})"


def arm_lines(tenant: str, fired: Iterable[Fault], *, endpoint: str, indent: str = "    ") -> list[str]:
    """Return the lines that arm faults at a tenant, each for the endpoint at which it fired."""
    return [
        f"{indent}{tenant}.arm({expression(fault)}{'' if fault.endpoint == endpoint else f', endpoint={endpoint!r}'})"
        for fault in fired
    ]


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not dataclasses.MISSING else field.default
