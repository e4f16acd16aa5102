"""The results stream: one JSON document a line, append-only, with a header and a footer.

A run that was cut short is recognisable: it has no footer, or fewer results than its plan. Every report is made from a
stream, at once or later.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.json_values import finite, parsed
from oauth_gauntlet.files.reading import JSON, JSONObject, Malformed, shown
from oauth_gauntlet.files.text_files import Unreadable, read_text
from oauth_gauntlet.model import Result, Run
from oauth_gauntlet.results.result_json import (
    ending_from_json,
    header_from_json,
    result_from_json,
    results_from_json,
    total_from_json,
)


class ResultsError(UsageError):
    """A results file cannot be read; the text names the file and the line."""


class Sink(Protocol):
    """What takes lines, and keeps none of them back."""

    def write(self, line: str, /) -> object:
        """Take a line with its end."""


class ResultWriter:
    """Writes a stream, a line at a time: what is finished survives whatever comes."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def header(self, run: Run) -> None:
        """Begin."""
        self._line({"type": "header", **run.header_json()})

    def plan(self, total: int) -> None:
        """Say how many results are to come."""
        self._line({"type": "plan", "total": total})

    def result(self, result: Result) -> None:
        """Add a result."""
        self._line({"type": "result", **result.to_json()})

    def footer(self, *, duration_s: float, complete: bool, trouble: Sequence[str] = ()) -> None:
        """End; `trouble` are sentences about what was lost on the way."""
        told = {"trouble": list(trouble)} if trouble else {}
        self._line({"type": "footer", "duration_s": round(duration_s, 3), "complete": complete, **told})

    def _line(self, document: JSON) -> None:
        self._sink.write(json.dumps(document) + "\n")


class RunReader:
    """Puts a run together from the lines of a stream as they come. `name` is what errors call the stream."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.run: Run | None = None
        self._results: list[Result] = []
        self._number = 0
        self._ended = False

    def feed(self, line: str) -> JSONObject:
        """Take one line, and return its document.

        Raises:
            ResultsError: it is no line of a stream, or comes in the wrong place.
        """
        self._number += 1
        try:
            document = finite(parsed(line))
            if not isinstance(document, dict) or "type" not in document:
                raise Malformed("expected an object with a member type")
            self._take(document)
        except Malformed as error:
            raise self._error(str(error)) from error
        except ValueError as error:
            raise self._error(f"not a line of a results stream: {error}") from error
        return document

    def skip(self) -> None:
        """Count a line that is empty."""
        self._number += 1

    def _take(self, document: JSONObject) -> None:
        kind = document["type"]
        if kind == "header" and self.run is not None:
            raise Malformed("a second header; one file holds one run")
        if kind == "header":
            self.run = header_from_json(document)
        elif self.run is None:
            raise Malformed(f"expected the header first, got {shown(kind)}")
        elif self._ended:
            raise Malformed(f"after the footer, got {shown(kind)}; one file holds one run")
        elif kind == "plan":
            self.run = replace(self.run, planned=total_from_json(document))
        elif kind == "result":
            self._results.append(result_from_json(document))
        elif kind == "footer":
            duration_s, complete = ending_from_json(document)
            self.run = replace(self.run, duration_s=duration_s, complete=complete)
            self._ended = True
        else:
            raise Malformed(f"unknown type of line {shown(kind)}")

    def finish(self) -> Run:
        """Return the run as far as it came.

        Raises:
            ResultsError: there was not even a header.
        """
        if self.run is None:
            raise ResultsError(f"{self.name}: no results stream: it is empty, or begins with no header")
        enough = len(self._results) >= self.run.planned
        return replace(self.run, results=tuple(self._results), complete=self.run.complete and enough)

    def _error(self, what: str) -> ResultsError:
        return ResultsError(f"{self.name}, line {self._number}: {what}")


def read_run(lines: Iterable[str], name: str) -> Run:
    """Return the run that a stream holds; a last line that was cut off counts as not written.

    Raises:
        ResultsError: it is no stream of this schema.
    """
    reader = RunReader(name)
    for line in lines:
        if not line.endswith("\n") and not _is_json(line):
            break
        if line.strip():
            reader.feed(line)
        else:
            reader.skip()
    return reader.finish()


def read_run_file(path: Path) -> Run:
    """Return the run in a file: a stream, or a results.json document.

    Raises:
        ResultsError: it cannot be read, or is neither.
    """
    try:
        text = read_text(path)
    except Unreadable as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    document = _document(text)
    if document is None:
        return read_run(io.StringIO(text), str(path))
    try:
        run = header_from_json(document)
        duration_s, complete = ending_from_json(document)
        return replace(run, duration_s=duration_s, complete=complete, results=results_from_json(document))
    except Malformed as error:
        raise ResultsError(f"{path}: not a results document: {error}") from error


def _document(text: str) -> JSONObject | None:
    """Return a whole results.json, or None where the text is a stream."""
    try:
        value = finite(parsed(text))
    except ValueError:
        return None
    return value if isinstance(value, dict) and "results" in value else None


def _is_json(line: str) -> bool:
    try:
        parsed(line)
    except ValueError:
        return False
    return True
