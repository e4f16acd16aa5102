"""Write and read the results stream: one JSON document per line, with a header first and a footer last.

Between them are the plan and the results. A trouble record may be on any line, also before the header.

Lines are only ever added, so the results of a run that was cut short survive. Such a run is recognisable: it has no
footer, or fewer results than its plan. Every report is made from a stream, at the end of the run or later.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Protocol

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.json_values import parsed, parsed_finite
from oauth_gauntlet.files.text_files import Unreadable, read_lines
from oauth_gauntlet.model import Result, Run, with_consequences
from oauth_gauntlet.reading import JSON, JSONObject, Malformed, as_text, shown
from oauth_gauntlet.results.result_json import (
    ending_from_json,
    header_from_json,
    result_from_json,
    results_from_json,
    total_from_json,
)
from oauth_gauntlet.results.shared_parts import SharedParts
from oauth_gauntlet.results.trouble import Trouble, TroubleKind, trouble_from_json


class ResultsError(UsageError):
    """A results file cannot be read. The text names the file and the line."""


class Sink(Protocol):
    """Accepts the lines of a stream and writes each at once."""

    def write(self, line: str, /) -> object:
        """Write a line, which includes its line feed."""


class ResultWriter:
    """Writes a stream line by line, so that finished results survive any failure."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def header(self, run: Run) -> None:
        """Write the header: tool, client, declarations and options."""
        self._line({"type": "header", **run.header_json()})

    def plan(self, total: int) -> None:
        """Write how many results will follow."""
        self._line({"type": "plan", "total": total})

    def result(self, result: Result) -> None:
        """Write a result."""
        self._line({"type": "result", **result.to_json()})

    def trouble(self, trouble: Trouble) -> None:
        """Write why scenarios were not judged."""
        self._line({"type": "trouble", **trouble.to_json()})

    def footer(self, *, duration_s: float, complete: bool, trouble: Sequence[str] = ()) -> None:
        """Write the footer. `trouble` are sentences about what was lost during the run."""
        lost = {"trouble": list(trouble)} if trouble else {}
        self._line({"type": "footer", "duration_s": round(duration_s, 3), "complete": complete, **lost})

    def _line(self, document: JSON) -> None:
        self._sink.write(json.dumps(document) + "\n")


class RunReader:
    """Builds a run from the lines of a stream as they arrive.

    `name` is what error messages call the stream. `trouble` are the trouble records so far; they may come before the
    header.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.run: Run | None = None
        self.trouble: list[Trouble] = []
        self._results: list[Result] = []
        self._shared = SharedParts()
        self._number = 0
        self._ended = False

    def feed(self, line: str) -> JSONObject:
        """Read one line, and return its document.

        Raises:
            ResultsError: it is not a line of a stream, or it is in the wrong place.
        """
        self._number += 1
        try:
            document = parsed_finite(line)
            if not isinstance(document, dict) or "type" not in document:
                raise Malformed("expected an object with a member type")
            self._add(document)
        except Malformed as error:
            raise self._error(str(error)) from error
        except ValueError as error:
            raise self._error(f"not a line of a results stream: {error}") from error
        return document

    def skip(self) -> None:
        """Count an empty line."""
        self._number += 1

    def _add(self, document: JSONObject) -> None:
        kind = document["type"]
        if kind == "trouble":
            self.trouble.append(trouble_from_json(document))
        elif kind == "header" and self.run is not None:
            raise Malformed("a second header; one file contains one run")
        elif kind == "header":
            self.run = header_from_json(document)
        elif self.run is None:
            raise Malformed(f"expected the header first, got {shown(kind)}")
        elif self._ended:
            raise Malformed(f"after the footer, got {shown(kind)}; one file contains one run")
        elif kind == "plan":
            self.run = replace(self.run, planned=total_from_json(document))
        elif kind == "result":
            self._results.append(result_from_json(document, self._shared))
        elif kind == "footer":
            duration_s, complete = ending_from_json(document)
            self.run = replace(self.run, duration_s=duration_s, complete=complete)
            self._ended = True
        else:
            raise Malformed(f"unknown type of line {shown(kind)}")

    def finish(self) -> Run:
        """Return the run with the results that were read.

        Raises:
            ResultsError: there was no header.
        """
        if self.run is None and self.trouble:
            raise ResultsError(f"{self.name}: nothing was judged: {self.trouble[0].message}")
        if self.run is None:
            raise ResultsError(f"{self.name}: not a results stream: it is empty, or does not begin with a header")
        enough = len(self._results) >= self.run.planned
        complete = self.run.complete and enough
        stopped = "" if complete else next((each.message for each in self.trouble if each.kind is TroubleKind.STOPPED), "")
        return replace(self.run, results=with_consequences(self._results), complete=complete, stopped=stopped)

    def _error(self, problem: str) -> ResultsError:
        return ResultsError(f"{self.name}, line {self._number}: {problem}")


def read_run(lines: Iterable[str], name: str) -> Run:
    """Return the run in a stream. A last line that was cut off is ignored.

    Raises:
        ResultsError: it is not a stream of this schema.
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
        ResultsError: the file cannot be read, or it is neither.
    """
    try:
        lines = read_lines(path)
        first = next(lines, "")
        if _begins_a_stream(first):
            return read_run(chain([first], lines), str(path))
        text = "".join(chain([first], lines))
    except Unreadable as error:
        raise ResultsError(f"{path}: cannot be read: {error}") from error
    document = _document(text)
    if document is None:
        return read_run(io.StringIO(text), str(path))
    try:
        run = header_from_json(document)
        duration_s, complete = ending_from_json(document)
        stopped = as_text(document.get("stopped", ""), "stopped")
        # A document is written with its consequences. To find them again needs the violations that they hid.
        results = results_from_json(document)
        return replace(run, duration_s=duration_s, complete=complete, stopped=stopped, results=results)
    except Malformed as error:
        raise ResultsError(f"{path}: not a results document: {error}") from error


def _begins_a_stream(line: str) -> bool:
    """Return whether a line is a whole line of a stream. A results.json is one long line, or begins with a part of one."""
    try:
        value = parsed_finite(line)
    except ValueError:
        return False
    return isinstance(value, dict) and "type" in value


def _document(text: str) -> JSONObject | None:
    """Return a whole results.json, or None if the text is a stream."""
    try:
        value = parsed_finite(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "results" in value else None


def _is_json(line: str) -> bool:
    try:
        parsed(line)
    except ValueError:
        return False
    return True
