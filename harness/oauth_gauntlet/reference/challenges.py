"""Read the challenges of WWW-Authenticate (RFC 9110 §11.2, §11.3, §11.6.1).

A field value may contain several challenges, and the field may occur several times. A part that matches no grammar is
skipped: what comes after it may be valid.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_BLANKS = r"[ \t]*"
_SCHEME = re.compile(rf"({_TOKEN})(?=[ ,]|\Z)")
_PARAMETER = re.compile(rf"({_TOKEN}){_BLANKS}={_BLANKS}({_TOKEN}|{_QUOTED})(?={_BLANKS}(?:,|\Z))", re.DOTALL)
_SEPARATOR = re.compile(r"[ \t,]*")
_REST = re.compile(rf"(?:{_QUOTED}|[^,])*", re.DOTALL)


@dataclass(frozen=True, kw_only=True, slots=True)
class Challenge:
    """One challenge. `scheme` and the names of the parameters are in lower case: they are case-insensitive."""

    scheme: str
    parameters: Mapping[str, str]


def challenges(headers: Iterable[tuple[str, str]]) -> tuple[Challenge, ...]:
    """Return the challenges of all WWW-Authenticate fields among these header fields, in order."""
    found: list[Challenge] = []
    for name, value in headers:
        if name.lower() == "www-authenticate":
            found += _of_field(value)
    return tuple(found)


def bearer_errors(headers: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the error codes of the Bearer challenges among these header fields (RFC 6750 §3)."""
    found = (each.parameters.get("error") for each in challenges(headers) if each.scheme == "bearer")
    return frozenset(code for code in found if code)


def _of_field(value: str) -> list[Challenge]:
    found: list[tuple[str, dict[str, str]]] = []
    at = 0
    while (at := _end(_SEPARATOR, value, at)) < len(value):
        if parameter := _PARAMETER.match(value, at):
            if found:
                # Each name occurs once; of a name that occurs again, the first value counts.
                found[-1][1].setdefault(parameter[1].lower(), _unquoted(parameter[2]))
            at = parameter.end()
        elif scheme := _SCHEME.match(value, at):
            found.append((scheme[1].lower(), {}))
            at = scheme.end()
        else:
            at = max(_end(_REST, value, at), at + 1)
    return [Challenge(scheme=scheme, parameters=parameters) for scheme, parameters in found]


def _end(pattern: re.Pattern[str], value: str, at: int) -> int:
    match = pattern.match(value, at)
    return at if match is None else match.end()


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.DOTALL) if text.startswith('"') else text
