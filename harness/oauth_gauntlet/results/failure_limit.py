"""Decide when a run has found as many failures as the user wants to see (``-x``, ``--max-failures``)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from oauth_gauntlet.model import Result, Run, Verdict, with_consequences
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import evaluate


class FailureLimit:
    """Counts the failures of a run that its baseline does not know; with `strict`, warnings too.

    `option` is what the user gave: ``-x`` or ``--max-failures 3``.
    """

    def __init__(self, most: int, option: str, expectations: Expectations, *, strict: bool, today: date) -> None:
        self._most = most
        self._option = option
        self._expectations = expectations
        self._strict = strict
        self._today = today
        self._results: list[Result] = []

    def is_reached(self, run: Run, result: Result) -> bool:
        """Add one more result of the run, and return whether there are as many failures now as the user wants to see.

        A result that only follows from another failure is none of its own, as at the end of a run.
        """
        self._results.append(result)
        if not _counts(result):
            return False
        so_far = replace(run, results=with_consequences(self._results))
        report = evaluate(so_far, self._expectations, strict=self._strict, today=self._today)
        expired = [each for entry in report.expired for each in entry.results]
        return sum(map(_counts, (*report.unexpected, *expired))) >= self._most

    @property
    def reason(self) -> str:
        """Why the run was stopped."""
        return f"stopped after {self._most} failure{'s' if self._most != 1 else ''} ({self._option})"


def _counts(result: Result) -> bool:
    return result.verdict.failing or result.verdict is Verdict.WARNING
