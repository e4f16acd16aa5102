"""Write a request of the adapter protocol as a line, and read the line of an answer. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from oauth_gauntlet.files.json_values import parsed
from oauth_gauntlet.protocol import JSON, ErrorInfo, JSONObject, ProtocolViolation, error_from_json, shown


def request_line(identifier: int, operation: str, arguments: Mapping[str, JSON]) -> bytes:
    """Return a request as one line, in ASCII with JSON escapes.

    Lone surrogates and line separators in a configuration cannot break the line.
    """
    return json.dumps({"id": identifier, "op": operation, "args": dict(arguments)}).encode("ascii") + b"\n"


def read_answer(line: bytes, identifier: int, operation: str) -> JSONObject | ErrorInfo:
    """Return the object under ``ok`` of an answer, or its error.

    Raises:
        ProtocolViolation: the line is not an answer to the request; the text names the cause and the next step.
    """
    begin = line[:200].decode("utf-8", "backslashreplace")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolViolation(
            f"the answer to {operation} is not UTF-8: {begin}; write UTF-8 to stdout, whatever the locale"
        ) from error
    try:
        answer = parsed(text)
    except ValueError as error:
        raise ProtocolViolation(
            f"stdout contained a line that is not JSON, instead of the answer to {operation}: {begin!r} ({error}); "
            "send logs to stderr, and flush each answer as one line"
        ) from error
    if not isinstance(answer, dict):
        raise ProtocolViolation(f"the answer to {operation} is not a JSON object: {begin}")
    if answer.get("id") != identifier:
        raise ProtocolViolation(
            f"the answer to {operation} has id {shown(answer.get('id'))}, not {identifier}; answer each request once, "
            "in order, with its own id"
        )
    if ("ok" in answer) == ("error" in answer):
        raise ProtocolViolation(
            f"the answer to {operation} needs either a member ok or a member error, and has {shown(sorted(answer))}"
        )
    if "error" in answer:
        return error_from_json(answer["error"])
    if not isinstance(answer["ok"], dict):
        raise ProtocolViolation(f"the answer to {operation}: ok must be an object, got {begin}")
    return answer["ok"]
