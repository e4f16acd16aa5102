"""Write reports of several runs: a comparison of two runs of one client, or a matrix of several clients."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from oauth_gauntlet.model import Run
from oauth_gauntlet.results.report_request import parse_request, write_reports
from oauth_gauntlet_reports.comparing.matrix import Matrix
from oauth_gauntlet_reports.kinds import COMPARISON_KINDS, MATRIX_KINDS, REPORT_KINDS

_OF_ONE_RUN = dict.fromkeys(REPORT_KINDS, "needs one run")
_OF_A_MATRIX = dict.fromkeys(MATRIX_KINDS, "needs runs of several clients")


def is_one_client(runs: Sequence[Run]) -> bool:
    """Return whether these are two runs of one client, before and after a change."""
    names = {(run.client.get("name"), run.client.get("language")) for run in runs}
    return len(runs) == 2 and len(names) == 1


def write_comparison(before: Run, after: Run, requests: Iterable[str]) -> None:
    """Write the requested reports (``KIND=PATH``) of two runs of one client.

    Raises:
        GauntletError: a request is wrong, or its file cannot be written. The other files are written first.
    """
    _write(requests, COMPARISON_KINDS, _OF_ONE_RUN | _OF_A_MATRIX, lambda kind: COMPARISON_KINDS[kind](before, after))


def write_matrix(made: Matrix, requests: Iterable[str]) -> None:
    """Write the requested reports (``KIND=PATH``) of a matrix.

    Raises:
        GauntletError: see `write_comparison`.
    """
    _write(requests, MATRIX_KINDS, _OF_ONE_RUN, lambda kind: MATRIX_KINDS[kind](made))


def _write(requests: Iterable[str], known: Collection[str], elsewhere: Mapping[str, str], make: Callable[[str], str]) -> None:
    wanted = [parse_request(text, known, elsewhere=elsewhere) for text in requests]
    problems = write_reports(wanted, make)
    if problems:
        raise problems[0]
