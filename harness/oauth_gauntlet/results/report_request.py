"""Reports by the words of the command line: ``KIND=PATH``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from oauth_gauntlet.errors import GauntletError, UsageError
from oauth_gauntlet.files.text_files import not_written, write_whole
from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.matrix import Matrix
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
    if kind not in known and kind in MATRIX_KINDS:
        raise UsageError(f"report {text!r}: {kind!r} is made of runs of several clients; here there are {kinds}")
    if kind not in known:
        raise UsageError(f"report {text!r}: unknown kind {kind!r}; there are {kinds}")
    return kind, path


def write_reports(run: Run, requests: Iterable[str]) -> None:
    """Make each report that is asked for; a path of ``-`` is standard output.

    Raises:
        GauntletError: a request is wrong, or its file cannot be written; those that can be are.
        OSError: standard output cannot be written.
    """
    _raise_first(unwritten_reports(run, requests))


def unwritten_reports(run: Run, requests: Iterable[str]) -> Sequence[GauntletError]:
    """Make each report that is asked for, and return what is to be said of those that could not be written.

    Raises:
        UsageError: a request is wrong.
        OSError: standard output cannot be written; the reports that are files have been.
    """
    return _write(requests, REPORT_KINDS, lambda kind: REPORT_KINDS[kind](run))


def is_one_client(runs: Sequence[Run]) -> bool:
    """Whether runs are two of one client, before and after."""
    names = {(run.client.get("name"), run.client.get("language")) for run in runs}
    return len(runs) == 2 and len(names) == 1


def write_comparison(before: Run, after: Run, requests: Iterable[str]) -> None:
    """Make reports of two runs of one client.

    Raises:
        GauntletError: see `write_reports`.
        OSError: see `write_reports`.
    """
    _raise_first(_write(requests, COMPARISON_KINDS, lambda kind: COMPARISON_KINDS[kind](before, after)))


def write_matrix(made: Matrix, requests: Iterable[str]) -> None:
    """Make reports of runs of several clients.

    Raises:
        GauntletError: see `write_reports`.
        OSError: see `write_reports`.
    """
    _raise_first(_write(requests, MATRIX_KINDS, lambda kind: MATRIX_KINDS[kind](made)))


def _write(requests: Iterable[str], known: Collection[str], make: Callable[[str], str]) -> Sequence[GauntletError]:
    problems: list[GauntletError] = []
    wanted = [parse_request(text, known) for text in requests]
    for kind, path in sorted(wanted, key=lambda each: each[1] == "-"):
        text = make(kind)
        if path == "-":
            _print(kind, text)
            continue
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            write_whole(Path(path), text)
        except OSError as error:
            problems.append(not_written(f"report {kind}={path}", error))
    return problems


def _print(kind: str, text: str) -> None:
    if sys.stdout is None:
        raise UsageError(f"report {kind}=-: there is no standard output; give the path of a file")
    # Whatever the locale: a report is UTF-8.
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _raise_first(problems: Sequence[GauntletError]) -> None:
    if problems:
        raise problems[0]
