"""A client in the matrix: its run, its findings by category, and what of them its platform decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from oauth_gauntlet.model import Cause, Run, Standing, Tally, standing, tally
from oauth_gauntlet_reports.comparing.checked import CheckedFinding


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixClient:
    """A client with its run.

    `key` and `name` are unique; `key` is usable in a link. `language` is in lower case, "" if none is declared. `causes` are by
    category, the worst first; `worst` are the worst causes of all; `checked` are by requirement. `project` is what several
    clients of one project have in common, or "". `follows` is true for a client whose project is that of the client before it.
    """

    key: str
    name: str
    version: str
    language: str
    project: str
    run: Run
    causes: Mapping[str, tuple[Cause, ...]]
    worst: tuple[Cause, ...]
    checked: Mapping[str, CheckedFinding]
    follows: bool = False

    @property
    def findings(self) -> tuple[Cause, ...]:
        """The requirements with findings."""
        return tuple(cause for found in self.causes.values() for cause in found if cause.findings)

    @property
    def failures(self) -> tuple[Cause, ...]:
        """The requirements with a violation or a hazard."""
        return tuple(cause for cause in self.findings if cause.verdict.failing)

    @property
    def only_platform(self) -> bool:
        """Whether it has failures, and each of them is of its platform."""
        return bool(self.failures) and all(cause.platform for cause in self.failures)

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()

    @property
    def label(self) -> str:
        """Name, version and language."""
        return f"{self.title} ({self.language})" if self.language else self.title

    @property
    def stale(self) -> tuple[CheckedFinding, ...]:
        """Checked findings that the run does not confirm; of a partial run, only those that it judged."""
        found = {cause.id for cause in self.findings}
        judged = {cause.id for each in self.causes.values() for cause in each}
        return tuple(entry for name, entry in self.checked.items() if name not in found and (self.run.whole or name in judged))

    @property
    def standing(self) -> Standing:
        """The numbers of the whole run."""
        return standing(self.run.results)

    def tally(self, category: str | None = None) -> Tally:
        """Return the counts of a category, or of all categories, without the findings of the client's platform."""
        return tally(cause.results for cause in self._causes(category) if not cause.platform)

    def platform_tally(self, category: str | None = None) -> Tally:
        """Return the counts of the findings of the client's platform."""
        return tally(cause.results for cause in self._causes(category) if cause.platform)

    def _causes(self, category: str | None) -> list[Cause]:
        wanted = self.causes.values() if category is None else [self.causes.get(category, ())]
        return [cause for found in wanted for cause in found]
