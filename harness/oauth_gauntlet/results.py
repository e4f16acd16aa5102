"""The results stream: one JSON document a line, append-only, with a header and a footer.

A run that was cut short is recognisable: it has no footer, or fewer results than its plan. Every report is made from a
stream, at once or later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import RESULTS_SCHEMA, Finding, Level, Mark, Result, Run, Verdict
from oauth_gauntlet.protocol import JSON


class ResultsError(UsageError):
    """A results file cannot be read; the text names the file and the line."""


class ResultWriter:
    """Writes a stream, a line at a time, each flushed: what is finished survives whatever comes."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def header(self, run: Run) -> None:
        """Begin."""
        self._line({"type": "header", **run.header_json()})

    def plan(self, total: int) -> None:
        """Say how many results are to come."""
        self._line({"type": "plan", "total": total})

    def result(self, result: Result) -> None:
        """Add a result."""
        self._line({"type": "result", **result.to_json()})

    def footer(self, *, duration_s: float, complete: bool) -> None:
        """End."""
        self._line({"type": "footer", "duration_s": round(duration_s, 3), "complete": complete})

    def _line(self, document: JSON) -> None:
        self._stream.write(json.dumps(document) + "\n")
        self._stream.flush()


def result_from_json(document: JSON) -> Result:
    """Return a result from its JSON form.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    return Result(
        id=document["id"],
        scenario=document["scenario"],
        grant=document["grant"],
        level=Level(document["level"]),
        source=document["source"],
        statement=document["statement"],
        verdict=Verdict(document["verdict"]),
        message=document["message"],
        expected=document.get("expected"),
        duration_s=document["duration_s"],
        findings=tuple(_finding(each) for each in document.get("findings", ())),
        answer=document.get("answer"),
        notes=tuple(document.get("notes", ())),
        exchanges=tuple(document.get("exchanges", ())),
        reproduce=document.get("reproduce", ""),
    )


class RunReader:
    """Puts a run together from the lines of a stream as they come. `name` is what errors call the stream."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.run: Run | None = None
        self._results: list[Result] = []
        self._number = 0

    def feed(self, line: str) -> JSON:
        """Take one line, and return its document.

        Raises:
            ResultsError: it is no line of a stream, or comes in the wrong place.
        """
        self._number += 1
        try:
            document = json.loads(line)
            kind = document["type"]
            if kind == "header":
                self._begin(document)
            elif self.run is None:
                raise self._error(f"expected the header first, got {kind!r}")
            elif kind == "plan":
                self.run = replace(self.run, planned=int(document["total"]))
            elif kind == "result":
                self._results.append(result_from_json(document))
            elif kind == "footer":
                self.run = replace(self.run, duration_s=float(document["duration_s"]), complete=bool(document["complete"]))
            else:
                raise self._error(f"unknown type of line {kind!r}")
        except (KeyError, TypeError, ValueError) as error:
            raise self._error(f"not a line of a results stream ({type(error).__name__}: {error})") from error
        return document

    def finish(self) -> Run:
        """Return the run as far as it came.

        Raises:
            ResultsError: there was not even a header.
        """
        if self.run is None:
            raise ResultsError(f"{self.name}: no results stream: it is empty, or begins with no header")
        enough = len(self._results) >= self.run.planned
        return replace(self.run, results=tuple(self._results), complete=self.run.complete and enough)

    def _begin(self, document: JSON) -> None:
        if self.run is not None:
            raise self._error("a second header; one file holds one run")
        self.run = _header(document, self.name)

    def _error(self, what: str) -> ResultsError:
        return ResultsError(f"{self.name}, line {self._number}: {what}")


def read_run(lines: Iterable[str], name: str) -> Run:
    """Return the run that a stream holds; a last line that was cut off counts as not written.

    Raises:
        ResultsError: it is no stream of this schema.
    """
    reader = RunReader(name)
    for line in lines:
        if not line.strip():
            continue
        if not line.endswith("\n") and not _is_json(line):
            break
        reader.feed(line)
    return reader.finish()


def read_run_file(path: Path) -> Run:
    """Return the run in a file: a stream, or a results.json document.

    Raises:
        ResultsError: it cannot be read, or is neither.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ResultsError(f"{path}: cannot be read: {reason}") from error
    document = _document(text)
    if document is None:
        return read_run(text.splitlines(keepends=True), str(path))
    run = _header(document, str(path))
    try:
        return replace(
            run,
            duration_s=float(document["duration_s"]),
            complete=bool(document["complete"]),
            results=tuple(result_from_json(each) for each in document["results"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ResultsError(f"{path}: not a results document ({type(error).__name__}: {error})") from error


def _document(text: str) -> JSON | None:
    """Return a whole results.json, or None where the text is a stream."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "results" in value else None


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _header(document: JSON, name: str) -> Run:
    schema = document.get("schema")
    if schema != RESULTS_SCHEMA:
        raise ResultsError(f"{name}: expected the schema {RESULTS_SCHEMA}, got {schema!r}")
    try:
        return Run(
            tool_version=document["tool"]["version"],
            client=document["client"],
            declared=document["declared"],
            options=document["options"],
            started_at=document["started_at"],
        )
    except (KeyError, TypeError) as error:
        raise ResultsError(f"{name}: the header lacks {error}") from error


def _finding(document: JSON) -> Finding:
    mark = document.get("mark")
    return Finding(
        expected=document["expected"],
        seen=document["seen"],
        grade=Verdict(document["grade"]),
        mark=None if mark is None else Mark(text=mark["text"], part=mark["part"], exchange=mark["exchange"]),
    )
