"""Parse ``KIND=PATH`` and write the requested reports. What makes a report's text is passed in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from oauth_gauntlet.errors import GauntletError, UsageError
from oauth_gauntlet.files.distinct_files import NamedFile
from oauth_gauntlet.files.text_files import not_written, write_whole

_NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportRequest:
    """A report to write. A path of ``-`` is standard output."""

    kind: str
    path: str


def files_written(reports: Iterable[str], results: str | None = None) -> tuple[NamedFile, ...]:
    """Return the files that a command writes: for the reports of ``KIND=PATH`` texts, and for the results stream."""
    stream = () if results is None else (NamedFile(name=f"--results {results}", path=Path(results)),)
    paths = ((text, text.partition("=")[2]) for text in reports)
    return (*stream, *(NamedFile(name=f"report {text}", path=Path(path)) for text, path in paths if path not in {"", "-"}))


def parse_request(text: str, known: Collection[str], *, elsewhere: Mapping[str, str] = _NONE) -> ReportRequest:
    """Return the request that a text makes. `known` are the kinds that are possible here.

    `elsewhere` maps kinds that are possible in another place to what they need, such as "needs one run".

    Raises:
        UsageError: the text is not KIND=PATH, or the kind is not a known one.
    """
    kind, equals, path = text.partition("=")
    kinds = ", ".join(known)
    if not equals or not path:
        raise UsageError(f"report {text!r}: expected KIND=PATH, with KIND one of {kinds}")
    if kind not in known:
        problem = (
            f"{kind!r} {elsewhere[kind]}; the kinds here are" if kind in elsewhere else f"unknown kind {kind!r}; there are"
        )
        raise UsageError(f"report {text!r}: {problem} {kinds}")
    return ReportRequest(kind=kind, path=path)


def write_reports(requests: Iterable[ReportRequest], make: Callable[[str], str]) -> Sequence[GauntletError]:
    """Write reports, standard output last, and return an error for each that could not be written.

    `make` returns the text of a kind of report.

    Raises:
        UsageError: a report goes to standard output, and there is none.
        OutputLost: standard output cannot be written; the reports that are files have been.
    """
    problems: list[GauntletError] = []
    for request in sorted(requests, key=lambda each: each.path == "-"):
        text = make(request.kind)
        if request.path == "-":
            _print(request.kind, text)
            continue
        path = Path(request.path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, text)
        except OSError as error:
            problems.append(not_written(f"report {request.kind}={path}", error))
    return problems


def _print(kind: str, text: str) -> None:
    if sys.stdout is None:
        raise UsageError(f"report {kind}=-: there is no standard output; give the path of a file")
    # A report is UTF-8, independent of the locale.
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
