"""What came of a run: how much was killed, which survivors nobody explains, and which explanations are wrong. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from mutation.explanations import Explanation, Explanations
from mutation.forks import Outcome
from mutation.mutants import Mutant

LEAST_KILLED = 0.9


class Found:
    """The mutants with their outcomes, held against the explanations. A mutant that timed out counts as killed.

    `unexplained`: survivors that no explanation is about. `wrong`: explanations about no mutant that survives.
    """

    def __init__(self, mutants: Sequence[Mutant], outcomes: Sequence[Outcome], explanations: Explanations) -> None:
        self._mutants = mutants
        self._outcomes = outcomes
        self.survivors = self._with(Outcome.SURVIVED)
        self.no_python = self._with(Outcome.NO_PYTHON)
        self.unexplained = explanations.unexplained(self.survivors)
        # One that times out now and then is a hang or not, as the machine is busy: its explanation is not wrong.
        self.wrong: list[Explanation] = explanations.about_none_of([*self.survivors, *self._with(Outcome.TIMED_OUT)])

    @property
    def killed(self) -> float:
        """The part that did not survive."""
        return 1 - len(self.survivors) / len(self._mutants)

    @property
    def good(self) -> bool:
        """Whether enough is killed and everything explained."""
        return not (self.unexplained or self.wrong or self.no_python) and self.killed >= LEAST_KILLED

    def text(self, seconds: float) -> str:
        """Return what to print, after a run of so many seconds."""
        return "\n".join([*self._table(), *self._complaints(), *self._sum(seconds)])

    def _with(self, wanted: Outcome) -> list[Mutant]:
        return [mutant for mutant, outcome in zip(self._mutants, self._outcomes, strict=True) if outcome is wanted]

    def _table(self) -> Iterator[str]:
        yield f"{'module':<42}{'mutants':>9}{'killed':>9}{'survived':>10}{'timed out':>11}"
        counts: dict[str, Counter[Outcome]] = {}
        for mutant, outcome in zip(self._mutants, self._outcomes, strict=True):
            counts.setdefault(mutant.source.module, Counter())[outcome] += 1
        for module, count in counts.items():
            killed, survived, timed_out = (count[each] for each in (Outcome.KILLED, Outcome.SURVIVED, Outcome.TIMED_OUT))
            yield f"{module:<42}{count.total():>9}{killed:>9}{survived:>10}{timed_out:>11}"

    def _complaints(self) -> Iterator[str]:
        for what, entries in (("no Python", self.no_python), ("survives, unexplained", self.unexplained)):
            for mutant in entries:
                yield f"\n{what}: {mutant.source.module} {mutant.function}, line {mutant.first_line}"
                yield f"  - {mutant.was}\n  + {mutant.now}"
        for entry in self.wrong:
            yield f"\nexplained, and killed or gone: {entry.module} {entry.function}\n  - {entry.was}\n  + {entry.now}"

    def _sum(self, seconds: float) -> Iterator[str]:
        yield f"\n{len(self._mutants)} mutants in {seconds:.0f} s, {self.killed:.1%} killed (at least {LEAST_KILLED:.0%})"
        unexplained, wrong = len(self.unexplained), len(self.wrong)
        yield f"{len(self.survivors)} survived, {unexplained} of them unexplained; {wrong} explanations are wrong"
