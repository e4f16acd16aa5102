"""Results from their JSON form, checked: whoever has a `Result` or a `Run` may rely on the type of every member.

A results file may come from another version, another tool, or a disk that broke. Members that are not known are left alone.
Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from oauth_gauntlet.model import RESULTS_SCHEMA, Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.protocol import JSON, JSONObject, shown

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")


class ResultFormatError(ValueError):
    """A member is missing or not of its type; the text names it, what was expected, and what is there."""


def header_from_json(document: JSON) -> Run:
    """Return a run without results from the header of a stream, or from the like members of results.json.

    Raises:
        ResultFormatError: it is none, or one of another schema.
    """
    schema = _object(document, "it").get("schema")
    if schema != RESULTS_SCHEMA:
        raise ResultFormatError(f"schema: expected {RESULTS_SCHEMA}, got {shown(schema)}")
    client, options = _member(document, "client", _object), _member(document, "options", _object)
    for key, value in client.items():
        _text_or_null(value, f"client.{key}")
    for key in ("profile", "clock"):
        _text_or_null(options.get(key), f"options.{key}")
    judged = options.get("set")
    if judged is not None:
        _text(_object(judged, "options.set").get("name"), "options.set.name")
    return Run(
        tool_version=_text(_member(document, "tool", _object).get("version"), "tool.version"),
        client=client,
        declared=_member(document, "declared", _object),
        options=options,
        started_at=_member(document, "started_at", _text),
    )


def total_from_json(document: JSONObject) -> int:
    """Return how many results a plan announces.

    Raises:
        ResultFormatError: it does not say.
    """
    return _member(document, "total", _count)


def ending_from_json(document: JSONObject) -> tuple[float, bool]:
    """Return how long a run took, in seconds, and whether it came to its end: from a footer, or from results.json.

    Raises:
        ResultFormatError: it does not say.
    """
    complete = document.get("complete")
    if not isinstance(complete, bool):
        raise ResultFormatError(f"complete: expected true or false, got {shown(complete)}")
    return _member(document, "duration_s", _seconds), complete


def results_from_json(document: JSONObject) -> tuple[Result, ...]:
    """Return the results of a results.json.

    Raises:
        ResultFormatError: one of them is none; the text says which.
    """
    found: list[Result] = []
    for place, each in enumerate(_list(document.get("results"), "results")):
        try:
            found.append(result_from_json(each))
        except ResultFormatError as error:
            raise ResultFormatError(f"results[{place}].{error}") from error
    return tuple(found)


def result_from_json(document: JSON) -> Result:
    """Return a result from its JSON form.

    Raises:
        ResultFormatError: it is none.
    """
    _object(document, "it")
    answer, expected = document.get("answer"), document.get("expected")
    return Result(
        id=_member(document, "id", _text),
        scenario=_member(document, "scenario", _text),
        grant=_member(document, "grant", _text),
        level=_one_of(Level, document.get("level"), "level"),
        source=_member(document, "source", _text),
        statement=_member(document, "statement", _text),
        verdict=_one_of(Verdict, document.get("verdict"), "verdict"),
        message=_member(document, "message", _text),
        expected=None if expected is None else _object(expected, "expected"),
        duration_s=_member(document, "duration_s", _seconds),
        findings=_each(document, "findings", _finding),
        answer=None if answer is None else _object(answer, "answer"),
        notes=_each(document, "notes", _text),
        exchanges=_each(document, "exchanges", _exchange),
        reproduce=_text(document.get("reproduce", ""), "reproduce"),
    )


def _finding(value: JSON, at: str) -> Finding:
    document = _object(value, at)
    mark = document.get("mark")
    return Finding(
        expected=_text(document.get("expected"), f"{at}.expected"),
        seen=_text(document.get("seen"), f"{at}.seen"),
        grade=_one_of(Verdict, document.get("grade"), f"{at}.grade"),
        mark=None if mark is None else _mark(_object(mark, f"{at}.mark"), f"{at}.mark"),
    )


def _mark(document: JSONObject, at: str) -> Mark:
    return Mark(
        text=_text(document.get("text"), f"{at}.text"),
        part=_text(document.get("part"), f"{at}.part"),
        exchange=_whole(document.get("exchange"), f"{at}.exchange"),
    )


def _exchange(value: JSON, at: str) -> JSONObject:
    exchange = _object(value, at)
    request = _object(exchange.get("request"), f"{at}.request")
    _text(request.get("method"), f"{at}.request.method")
    _text(request.get("target"), f"{at}.request.target")
    _text_or_null(request.get("http_version"), f"{at}.request.http_version")
    _message(request, f"{at}.request")
    if exchange.get("response") is not None:
        response = _object(exchange["response"], f"{at}.response")
        _count(response.get("status"), f"{at}.response.status")
        _text_or_null(response.get("reason"), f"{at}.response.reason")
        _message(response, f"{at}.response")
    elif "response" not in exchange:
        raise ResultFormatError(f"{at}.response: missing; null where there was no response")
    _text_or_null(exchange.get("fault"), f"{at}.fault")
    return exchange


def _message(message: JSONObject, at: str) -> None:
    for place, pair in enumerate(_list(message.get("headers"), f"{at}.headers")):
        if not (isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)):
            raise ResultFormatError(f"{at}.headers[{place}]: expected [name, value], got {shown(pair)}")
    _text(message.get("body"), f"{at}.body")
    if message.get("body_truncated"):
        _count(message.get("body_length"), f"{at}.body_length")


def _member(document: JSONObject, key: str, check: Callable[[JSON, str], _T]) -> _T:
    if key not in document:
        raise ResultFormatError(f"{key}: missing")
    return check(document[key], key)


def _each(document: JSONObject, key: str, check: Callable[[JSON, str], _T]) -> tuple[_T, ...]:
    return tuple(check(each, f"{key}[{place}]") for place, each in enumerate(_list(document.get(key, []), key)))


def _object(value: JSON, at: str) -> JSONObject:
    if not isinstance(value, dict):
        raise ResultFormatError(f"{at}: expected an object, got {shown(value)}")
    return value


def _list(value: JSON, at: str) -> Iterable[JSON]:
    if not isinstance(value, list):
        raise ResultFormatError(f"{at}: expected a list, got {shown(value)}")
    return value


def _text(value: JSON, at: str) -> str:
    if not isinstance(value, str):
        raise ResultFormatError(f"{at}: expected a string, got {shown(value)}")
    return value


def _text_or_null(value: JSON, at: str) -> None:
    if value is not None:
        _text(value, at)


def _whole(value: JSON, at: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ResultFormatError(f"{at}: expected a whole number, got {shown(value)}")
    return value


def _count(value: JSON, at: str) -> int:
    if _whole(value, at) < 0:
        raise ResultFormatError(f"{at}: expected a number of at least 0, got {shown(value)}")
    return int(value)


def _seconds(value: JSON, at: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # A whole number may be beyond what a float holds.
    if not is_number or not 0 <= value <= 1e12 or not math.isfinite(value):
        raise ResultFormatError(f"{at}: expected a number of seconds, got {shown(value)}")
    return float(value)


def _one_of(kind: type[_E], value: JSON, at: str) -> _E:
    if not isinstance(value, str) or value not in list(kind):
        raise ResultFormatError(f"{at}: expected one of {', '.join(kind)}, got {shown(value)}")
    return kind(value)
