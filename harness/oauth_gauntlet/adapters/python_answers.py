"""The answers of a Python client as values of the adapter protocol, whether it runs in this process or in a child."""

from __future__ import annotations

import json
import traceback

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.files.json_values import parsed, shallow
from oauth_gauntlet.protocol import JSON, Capability, ErrorInfo, ErrorKind, ProtocolViolation, ResourceResponse, Token

OF_EVERY_CLIENT = frozenset({Capability.INSTANCES, Capability.TIME_ZONE})
"""What every Python client has: its factory makes further clients, and its process takes the time zone from TZ."""

ENDS_A_PROCESS = (SystemExit, KeyboardInterrupt)
"""Exceptions that end an application by design. Each other one is an answer, `asyncio.CancelledError` and gevent's too."""

_FRAMES = 12
"""Frames of a traceback that are kept: those next to the exception."""


def value_to_json(value: object) -> JSON:
    """Return the JSON representation of a token, an error or a response.

    Raises:
        ProtocolViolation: the value is none of them.
    """
    if not isinstance(value, Token | ErrorInfo | ResourceResponse):
        raise ProtocolViolation(f"expected a value of oauth_gauntlet.protocol, got a {type(value).__name__}")
    return value.to_json()


def spelled(value: JSON) -> str:
    """Return a value as JSON text; what is nested too deeply is cut.

    Raises:
        ProtocolViolation: JSON cannot represent it.
    """
    try:
        return json.dumps(value)
    except RecursionError:
        return json.dumps(shallow(value))  # deep, but not circular: that is a ValueError
    except (TypeError, ValueError) as error:
        raise ProtocolViolation(f"JSON cannot represent the answer: {error}") from error


def through_json(value: object) -> JSON:
    """Return an answer as it would arrive from a process.

    Raises:
        ProtocolViolation: it is not a value of the protocol, or JSON cannot represent it.
    """
    text = spelled(value_to_json(value))
    try:
        return parsed(text)
    except ValueError as error:
        raise ProtocolViolation(f"JSON cannot represent the answer: {error}") from error


def failure_of(operation: str, error: BaseException) -> ClientFailure:
    """Return an exception that a client raised during an operation as the error that it reports."""
    if isinstance(error, ClientFailure):
        return error
    if isinstance(error, NotImplementedError):
        return ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message=f"unknown operation {operation}"))
    info = ErrorInfo(kind=ErrorKind.UNEXPECTED, message=message_of(error), type=type_name(error))
    return ClientFailure(info, trace=trace_of(error))


def message_of(error: BaseException) -> str:
    """Return the text of an exception. The client's own ``__str__`` may fail, or return what a server sent, of any type."""
    try:
        return str(error)
    except Exception as broken:
        return f"the exception cannot be converted to a text: {type(broken).__name__}"


def type_name(error: BaseException) -> str:
    """Return the name of an exception's class with its module."""
    return f"{type(error).__module__}.{type(error).__qualname__}"


def trace_of(error: BaseException) -> str:
    """Return where an exception was raised. The message of the exception is left out: it may contain secrets."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return "\n".join([f"{type_name(error)}, raised here (the last call is last):", *_lines(frames)])


def _lines(frames: list[traceback.FrameSummary]) -> list[str]:
    return [line for each in traceback.format_list(frames) for line in each.rstrip().splitlines()]
