"""The report of a run: how many mutants are killed, which survivors have no explanation, which explanations are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mutation.explanations import Explanation, Explanations
from mutation.forks import MutantOutcome
from mutation.mutants import Mutant

LEAST_KILLED = 0.9


class Report:
    """The outcomes of the mutants, compared with the explanations. A mutant that timed out counts as killed.

    `unexplained` are the survivors without an explanation. `wrong` are the explanations of mutants that do not survive.
    """

    def __init__(self, mutants: Sequence[Mutant], outcomes: Sequence[MutantOutcome], explanations: Explanations) -> None:
        self._mutants = mutants
        self._outcomes = outcomes
        self.survivors = self._with(MutantOutcome.SURVIVED)
        self.no_python = self._with(MutantOutcome.NO_PYTHON)
        self.unexplained = explanations.unexplained(self.survivors)
        # Whether a slow mutant times out depends on the load of the machine: its explanation is not wrong.
        self.wrong: list[Explanation] = explanations.without_survivor([*self.survivors, *self._with(MutantOutcome.TIMED_OUT)])

    @property
    def killed(self) -> float:
        """The share of mutants that did not survive, from 0 to 1."""
        return 1 - len(self.survivors) / len(self._mutants)

    @property
    def good(self) -> bool:
        """Check whether enough mutants are killed, all compile, and the explanations are complete and right."""
        return not (self.unexplained or self.wrong or self.no_python) and self.killed >= LEAST_KILLED

    def text(self, seconds: float) -> str:
        """Return the report of a run that took this many seconds."""
        return "\n".join([*self._table(), *self._problems(), *self._totals(seconds)])

    def _with(self, wanted: MutantOutcome) -> list[Mutant]:
        return [mutant for mutant, outcome in zip(self._mutants, self._outcomes, strict=True) if outcome is wanted]

    def _table(self) -> Iterator[str]:
        yield f"{'module':<42}{'mutants':>9}{'killed':>9}{'survived':>10}{'timed out':>11}"
        counts: dict[str, Counter[MutantOutcome]] = {}
        for mutant, outcome in zip(self._mutants, self._outcomes, strict=True):
            counts.setdefault(mutant.source.module, Counter())[outcome] += 1
        for module, count in counts.items():
            killed, survived, timed_out = (
                count[each] for each in (MutantOutcome.KILLED, MutantOutcome.SURVIVED, MutantOutcome.TIMED_OUT)
            )
            yield f"{module:<42}{count.total():>9}{killed:>9}{survived:>10}{timed_out:>11}"

    def _problems(self) -> Iterator[str]:
        for what, entries in (("does not compile", self.no_python), ("survives without an explanation", self.unexplained)):
            for mutant in entries:
                yield f"\n{what}: {mutant.source.module} {mutant.function}, line {mutant.first_line}"
                yield f"  - {mutant.was}\n  + {mutant.now}"
        for entry in self.wrong:
            yield f"\nwrong explanation, its mutant is killed or does not exist: {entry.module} {entry.function}"
            yield f"  - {entry.was}\n  + {entry.now}"

    def _totals(self, seconds: float) -> Iterator[str]:
        yield f"\n{len(self._mutants)} mutants in {seconds:.0f} s, {self.killed:.1%} killed (at least {LEAST_KILLED:.0%})"
        unexplained, wrong = len(self.unexplained), len(self.wrong)
        yield f"{len(self.survivors)} survived, {unexplained} of them without an explanation; {wrong} explanations are wrong"
