"""Reports by the words of the command line: ``KIND=PATH``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.kinds import REPORT_KINDS


def parse_request(text: str) -> tuple[str, str]:
    """Return kind and path of a request.

    Raises:
        UsageError: it is no KIND=PATH, or there is no such kind.
    """
    kind, equals, path = text.partition("=")
    kinds = ", ".join(REPORT_KINDS)
    if not equals or not path:
        raise UsageError(f"report {text!r}: expected KIND=PATH, with KIND one of {kinds}")
    if kind not in REPORT_KINDS:
        raise UsageError(f"report {text!r}: unknown kind {kind!r}; there are {kinds}")
    return kind, path


def write_reports(run: Run, requests: Iterable[str]) -> None:
    """Make each report that is asked for; a path of ``-`` is standard output.

    Raises:
        UsageError: a request is wrong, or its file cannot be written.
    """
    for kind, path in [parse_request(text) for text in requests]:
        text = REPORT_KINDS[kind](run)
        if path == "-":
            # Whatever the locale: a report is UTF-8.
            sys.stdout.buffer.write(text.encode())
            sys.stdout.buffer.flush()
            continue
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"report {kind}={path}: cannot be written: {error.strerror}") from error
