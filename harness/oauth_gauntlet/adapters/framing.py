"""Messages of the adapter protocol as lines: spelling a request, reading an answer. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping

from oauth_gauntlet.files.json_values import parsed
from oauth_gauntlet.protocol import JSON, ErrorInfo, JSONObject, ProtocolViolation, error_from_json, shown


def request_line(identifier: int, operation: str, arguments: Mapping[str, JSON]) -> bytes:
    """Return a request as one line.

    ASCII escapes keep lone surrogates and line separators of a configuration from breaking the line.
    """
    return json.dumps({"id": identifier, "op": operation, "args": dict(arguments)}).encode("ascii") + b"\n"


def read_answer(line: bytes, identifier: int, operation: str) -> JSONObject | ErrorInfo:
    """Return what an answer's line holds: the object under ``ok``, or the error.

    Raises:
        ProtocolViolation: it is no answer to that request; the text names the cause and the next step.
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
            f"stdout carried a line that is not JSON, where the answer to {operation} was expected: {begin!r} ({error}); "
            "send logs to stderr, and flush each answer as one line"
        ) from error
    if not isinstance(answer, dict):
        raise ProtocolViolation(f"the answer to {operation} is no JSON object: {begin}")
    if answer.get("id") != identifier:
        raise ProtocolViolation(
            f"the answer to {operation} carries id {shown(answer.get('id'))}, not {identifier}; answer each request once, "
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
