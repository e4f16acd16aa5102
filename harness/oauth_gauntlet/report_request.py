"""Reports by the words of the command line: ``KIND=PATH``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.kinds import COMPARISON_KINDS, MATRIX_KINDS, REPORT_KINDS


def parse_request(text: str, known: Collection[str] = REPORT_KINDS) -> tuple[str, str]:
    """Return kind and path of a request; `known` are the kinds there are.

    Raises:
        UsageError: it is no KIND=PATH, or there is no such kind.
    """
    kind, equals, path = text.partition("=")
    kinds = ", ".join(known)
    if not equals or not path:
        raise UsageError(f"report {text!r}: expected KIND=PATH, with KIND one of {kinds}")
    if kind not in known and kind in REPORT_KINDS:
        raise UsageError(f"report {text!r}: {kind!r} is made of one run; of several there are {kinds}")
    if kind not in known:
        raise UsageError(f"report {text!r}: unknown kind {kind!r}; there are {kinds}")
    return kind, path


def write_reports(run: Run, requests: Iterable[str]) -> None:
    """Make each report that is asked for; a path of ``-`` is standard output.

    Raises:
        UsageError: a request is wrong, or its file cannot be written.
    """
    _write(requests, REPORT_KINDS, lambda kind: REPORT_KINDS[kind](run))


def write_joint_reports(runs: Sequence[Run], requests: Iterable[str]) -> None:
    """Make reports of several runs: a comparison where they are two of one client, else a matrix.

    Raises:
        UsageError: a request is wrong, or its file cannot be written.
    """
    if len(runs) == 2 and runs[0].client.get("name") == runs[1].client.get("name"):
        _write(requests, COMPARISON_KINDS, lambda kind: COMPARISON_KINDS[kind](runs[0], runs[1]))
    else:
        _write(requests, MATRIX_KINDS, lambda kind: MATRIX_KINDS[kind](runs))


def _write(requests: Iterable[str], known: Collection[str], make: Callable[[str], str]) -> None:
    for kind, path in [parse_request(text, known) for text in requests]:
        text = make(kind)
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
