"""Write docs/api.md, the reference of the Python API, from signatures and docstrings. Pure."""

from __future__ import annotations

import enum
import importlib
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oauth_gauntlet.arguments import ARGUMENTS

_INTRODUCTION = """\
# Python API

Generated from the docstrings; a test compares this page with the code. What is not here is not public: it may change without
notice.

[Scenarios of your own](own-scenarios.md) and [faults of your own](own-faults.md) show how the parts belong together;
[local development](local-development.md) shows the mock server in tests of your own client, and [adapters](adapters.md) how to
connect a client."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A module of the page with its public names. `without` are members of its classes that only our own packages use."""

    module: str
    names: tuple[str, ...]
    without: tuple[str, ...] = ()


HARNESS = (
    Part(
        module="oauth_gauntlet.requirement",
        names=("requirement", "quote", "rule", "practice", "damage", "page", "Level", "Binds", "RenewalKind", "GrantType"),
        without=("kind",),
    ),
    Part(module="oauth_gauntlet.checks", names=("require", "advise", "untestable")),
    Part(
        module="oauth_gauntlet.lab",
        names=("LabClient", "described", "documented", "usable"),
        without=("ask_for_token", "place_of_token_request"),
    ),
    Part(
        module="oauth_gauntlet.witness",
        names=(
            "form",
            "values",
            "value",
            "authorization",
            "basic_credentials",
            "presented_client",
            "scope_tokens",
            "leaves_scope_out",
            "assertion",
            "Assertion",
            "signature_problem",
            "mac_problem",
        ),
    ),
    Part(module="oauth_gauntlet.ports", names=("Ports",), without=("faulty", "unmet", "close", "reached")),
    Part(
        module="oauth_gauntlet.protocol",
        names=("Token", "ErrorInfo", "ErrorKind", "ResourceRequest", "ResourceResponse", "Hello", "ClientInfo", "Capability"),
    ),
    Part(module="oauth_gauntlet.model", names=("Mark", "Verdict")),
    Part(module="oauth_gauntlet.adapter", names=("ClientAdapter",)),
    Part(module="oauth_gauntlet.errors", names=("ClientFailure", "AdapterError")),
)

SERVER = (
    Part(
        module="oauth_gauntlet_server",
        names=(
            "MockServer",
            "Tenant",
            "TenantSettings",
            "RegisteredClient",
            "User",
            "AssertionIssuer",
            "RotationPolicy",
            "Journal",
            "Exchange",
            "RecordedRequest",
            "RecordedResponse",
            "Port",
            "Certificate",
            "connection_fault",
        ),
        without=("record", "handle", "wsgi_app"),
    ),
    Part(
        module="oauth_gauntlet_server.faults",
        names=(
            "fault",
            "all_of",
            "body",
            "close_without_answer",
            "content_type",
            "delay",
            "http_status",
            "oauth_error",
            "token_member",
            "token_response",
            "without_token_member",
            "Trigger",
            "ArmedFault",
            "Fault",
            "FaultContext",
            "register",
            "register_preset",
            "FaultError",
        ),
    ),
    Part(module="oauth_gauntlet_server.http.answer", names=("Answer",)),
    Part(
        module="oauth_gauntlet_server.listening.connection_faults",
        names=("ConnectionFault", "register", "AwaitOctets", "Wait", "Hold", "Send", "Close", "Reset"),
    ),
)


def page() -> str:
    """Return the page in Markdown."""
    lines = [_INTRODUCTION, ""]
    for title, parts in (("Scenarios and adapters", HARNESS), ("The mock server", SERVER)):
        lines += [f"**{title}**: " + " · ".join(f"[{each.module}](#{_anchor(each.module)})" for each in parts), ""]
    for part in (*HARNESS, *SERVER):
        lines += [f"## {part.module}", "", *_text(inspect.getdoc(importlib.import_module(part.module)) or "", first=True), ""]
        for name in part.names:
            lines += _entry(getattr(importlib.import_module(part.module), name), name, part)
    return "\n".join(lines).rstrip() + "\n"


def arguments_table() -> str:
    """Return the table of what a scenario can take."""
    rows = (f"| `{name}` | {text} |" for name, text in ARGUMENTS.items())
    return "\n".join(["| argument | what it is |", "| --- | --- |", *rows])


def _anchor(title: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _entry(value: Any, name: str, part: Part) -> Iterator[str]:
    yield from (f"### `{name}`", "")
    if isinstance(value, type) and issubclass(value, enum.Enum):
        yield from (*_text(inspect.getdoc(value) or ""), "")
        yield from (", ".join(f"`{member.name}`" for member in value), "")
        return
    if not (inspect.isabstract(value) or (isinstance(value, type) and issubclass(value, Exception))):
        is_class = isinstance(value, type)
        signature = _signature(value, name)
        yield from ("```" if is_class else "```python", signature if is_class else f"def {signature}: ...", "```", "")
    yield from (*_text(inspect.getdoc(value) or ""), "")
    if isinstance(value, type):
        for member, found in _members(value, part):
            yield from _member(member, found)


def _members(value: type, part: Part) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties with a docstring, in the order of the source; inherited ones of ours follow."""
    seen: set[str] = set(part.without)
    for owner in value.__mro__:
        if not owner.__module__.startswith("oauth_gauntlet"):
            continue
        for name, found in vars(owner).items():
            is_member = isinstance(found, property | classmethod | staticmethod) or inspect.isfunction(found)
            if is_member and not name.startswith("_") and name not in seen and inspect.getdoc(found):
                seen.add(name)
                yield name, found


def _member(name: str, found: Any) -> Iterator[str]:
    lines = list(_text(inspect.getdoc(found) or ""))
    shown = name if isinstance(found, property) else _signature(getattr(found, "__func__", found), name, method=True)
    yield from (f"- **`{' '.join(shown.split())}`**", "")
    yield from (f"  {line}".rstrip() for line in lines)
    yield ""


def _signature(value: Any, name: str, *, method: bool = False) -> str:
    """Return a call as it is written in code, in one line or one line for each parameter."""
    signature = inspect.signature(value)
    parts: list[str] = []
    keyword_only = False
    for parameter in list(signature.parameters.values())[method:]:
        if parameter.kind is parameter.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            parts.append("*")
        if parameter.kind is parameter.VAR_POSITIONAL:
            keyword_only = True
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        text = f"{stars}{parameter.name}"
        if parameter.annotation is not parameter.empty:
            text += f": {_type(parameter.annotation)}"
        if parameter.default is not parameter.empty:
            text += f" = {_default(parameter.default)}"
        parts.append(text)
    returned = signature.return_annotation
    arrow = "" if isinstance(value, type) or returned is signature.empty else f" -> {_type(returned)}"
    whole = f"{name}({', '.join(parts)}){arrow}"
    if len(whole) <= 100 or method:
        return whole
    return "\n".join([f"{name}(", *(f"    {each}," for each in parts), f"){arrow}"])


def _default(value: object) -> str:
    """Return a default as it is written in code; sets in the order of their members."""
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(map(repr, sorted(value)))}}})" if value else "frozenset()"
    return "..." if "<" in repr(value) else repr(value)


def _type(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def _text(docstring: str, *, first: bool = False) -> Iterator[str]:
    """Yield the lines of a docstring in Markdown: code in single backticks, the errors as a list.

    `first`: the first paragraph only.
    """
    text, _, errors = docstring.partition("\nRaises:\n")
    if first:
        text, errors = text.split("\n\n")[0], ""
    in_code = False
    for line in text.replace("``", "`").strip().split("\n"):
        is_code = line.startswith("    ")
        if is_code and not in_code:
            yield "```python"
        if in_code and not is_code and line:
            yield "```"
            yield ""
        in_code = is_code or (in_code and not line)
        yield line.removeprefix("    ") if in_code else line
    if in_code:
        yield "```"
    if errors.strip():
        entries = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", errors.replace("``", "`"), re.MULTILINE)
        yield from ("", "Raises:", "")
        yield from (f"- `{name}`: {' '.join(reason.split())}" for name, reason in entries)
