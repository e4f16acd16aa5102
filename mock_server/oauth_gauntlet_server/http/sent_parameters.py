"""Read the parameters of a request wherever a client may put them: in the query, in a form, in a JSON object."""

from __future__ import annotations

import json
from typing import Any

from oauth_gauntlet_server.http.form import FormError, Pairs
from oauth_gauntlet_server.http.http_request import RecordedRequest

JSON_TYPE = "application/json"


class JSONParametersError(ValueError):
    """The body is no JSON object."""


def sent_parameters(request: RecordedRequest) -> Pairs:
    """Return names and values from the query and the body, in this order; a part that is malformed has none.

    They decide whether a fault fires, and that must not depend on a correct request: nothing here raises.
    """
    try:
        query = request.query_pairs if request.query else ()
    except FormError:
        query = ()
    try:
        body = json_parameters(request) if request.media_type == JSON_TYPE else request.form
    except (FormError, JSONParametersError):
        body = ()
    return (*query, *body)


def json_parameters(request: RecordedRequest) -> Pairs:
    """Return the members of a JSON object as names and values; each item of a list is a value of its own.

    A value that is no string becomes its JSON text; null has no value.

    Raises:
        JSONParametersError: the body is not JSON, or not an object.
    """
    try:
        document = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise JSONParametersError("The body is not JSON") from error
    if not isinstance(document, dict):
        raise JSONParametersError("The body is not a JSON object")
    return tuple((name, _text(each)) for name, value in document.items() for each in _values(value))


def _values(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
