"""The table of all operations, and the search for the operation of a request."""

from __future__ import annotations

from collections.abc import Mapping

from oauth_gauntlet_server.control import (
    clock_operations,
    exchange_operations,
    fault_operations,
    journal_operations,
    party_operations,
    port_operations,
    tenant_operations,
    token_operations,
)
from oauth_gauntlet_server.control.operation import Operation
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.http.json_schema import Refused, nearest, read

OPERATIONS: tuple[Operation, ...] = (
    *tenant_operations.OPERATIONS,
    *party_operations.OPERATIONS,
    *fault_operations.OPERATIONS,
    *journal_operations.OPERATIONS,
    *exchange_operations.OPERATIONS,
    *clock_operations.OPERATIONS,
    *port_operations.OPERATIONS,
    *token_operations.OPERATIONS,
)


def find(method: str, path: str) -> tuple[Operation, dict[str, object]]:
    """Return the operation of a method and a path below ``/_control``, and the values of the path's parameters.

    Raises:
        Problem: 404, there is no such path, or a parameter does not match its schema; 405, the path has other
        methods.
    """
    segments = path.split("/")[1:]
    here = {each.method: each for each in OPERATIONS if _fits(each, segments)}
    if not here:
        known = {each.path for each in OPERATIONS}
        # Known paths with the given parameters in place of their names, so that only the fixed parts differ.
        meant = nearest(path, {_filled(each, segments) for each in known})
        suggestion = f"; did you mean {' or '.join(f'/_control{each}' for each in meant)}?" if meant else ""
        raise Problem(404, f"unknown path /_control{path}{suggestion} (see /_control/openapi.json)")
    operation = here.get("GET" if method == "HEAD" else method)
    if operation is None:
        allowed = ", ".join(sorted({*here, "HEAD"} if "GET" in here else here))
        raise Problem(405, f"the method must be {allowed}", headers={"Allow": allowed})
    return operation, _parameters(operation, segments)


def _fits(operation: Operation, segments: list[str]) -> bool:
    own = operation.segments
    return len(own) == len(segments) and all(
        segment.startswith("{") or segment == given for segment, given in zip(own, segments, strict=True)
    )


def _parameters(operation: Operation, segments: list[str]) -> dict[str, object]:
    given = {
        segment[1:-1]: value for segment, value in zip(operation.segments, segments, strict=True) if segment.startswith("{")
    }
    found: dict[str, object] = {}
    for name, schema in operation.path_parameters().items():
        value: object = given[name]
        if schema["type"] == "integer" and given[name].isascii() and given[name].isdecimal() and len(given[name]) < 20:
            value = int(given[name])
        try:
            found[name] = read(value, schema, (name,))
        except Refused as refused:
            raise problem_of(refused, where="path", status=404) from refused
    return found


def _filled(path: str, segments: list[str]) -> str:
    own = path.split("/")[1:]
    values: Mapping[int, str] = dict(enumerate(segments))
    return "/" + "/".join(values.get(index, each) if each.startswith("{") else each for index, each in enumerate(own))
