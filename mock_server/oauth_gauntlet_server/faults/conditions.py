"""Conditions on header fields and parameters of a request, in the member ``when`` of an armed fault.

A condition is a text:

* ``json``: some value contains it;
* ``=json``: some value is exactly it;
* ``!json`` and ``!=json``: the opposite: no value contains it, no value is exactly it.

Where the header field or the parameter is missing, there is no value. So the empty text means that it is there, and ``!``
that it is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from oauth_gauntlet_server.faults.parameter_types import PARAMETER_TYPES, ParameterType
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.sent_parameters import sent_parameters

Conditions: TypeAlias = Mapping[str, str] | None
"""Conditions by the name of a header field or parameter; all of them must hold. None: no condition."""


def holds(condition: str, values: Iterable[str]) -> bool:
    """Return whether a condition holds for the values of one name.

    >>> holds("json", ["application/json"]), holds("=json", ["application/json"]), holds("!json", [])
    (True, False, True)
    """
    text = condition.removeprefix("!")
    exact = text.removeprefix("=") if text.startswith("=") else None
    found = any(text in value if exact is None else value == exact for value in values)
    return found is not condition.startswith("!")


def headers_match(conditions: Conditions, request: RecordedRequest) -> bool:
    """Return whether a request's header fields meet the conditions; upper and lower case are the same."""
    return conditions is None or all(
        holds(condition.lower(), (value.lower() for value in request.header_values(name)))
        for name, condition in conditions.items()
    )


def parameters_match(conditions: Conditions, request: RecordedRequest) -> bool:
    """Return whether a request's parameters meet the conditions: those of its query, its form, its JSON object."""
    if conditions is None:
        return True
    sent = sent_parameters(request)
    return all(holds(condition, (value for key, value in sent if key == name)) for name, condition in conditions.items())


_CONDITIONS = '"TEXT": some value contains it; "=TEXT": some value is it; "!TEXT", "!=TEXT": no value does'

PARAMETER_TYPES[Conditions] = ParameterType(
    given={"type": ["object", "null"], "additionalProperties": {"type": "string"}, "description": f"by name: {_CONDITIONS}"},
    words=f"an object of conditions: {_CONDITIONS}",
    narrow=True,
)
