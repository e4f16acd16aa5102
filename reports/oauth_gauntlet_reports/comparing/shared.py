"""Findings that several clients have: by requirement, and by the platform whose HTTP stack decides them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oauth_gauntlet.model import SEVERITY, Cause, Result, Verdict
from oauth_gauntlet_reports.comparing.matrix_client import MatrixClient
from oauth_gauntlet_reports.evidence.scores import LEVELS

Having = tuple[MatrixClient, Cause]
"""A client with a finding."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A requirement with the clients that have findings about it.

    One cause counts once: clients of one platform count as one where their HTTP stack decides the requirement.
    """

    id: str
    clients: tuple[Having, ...]

    @property
    def example(self) -> Result:
        """The most severe result; it contains statement, level and source."""
        return min((cause.worst for _, cause in self.clients), key=lambda each: SEVERITY.index(each.verdict))

    @property
    def by_platform(self) -> bool:
        """Whether it counts platforms, not clients."""
        return any(cause.platform for _, cause in self.clients)

    @property
    def failing(self) -> int:
        """Number of clients, or platforms, with a violation or a hazard."""
        return len(self._failing)

    @property
    def warned(self) -> int:
        """Number of other clients, or platforms, with a warning."""
        return len(self._warned - self._failing)

    @property
    def total(self) -> int:
        """Number of clients, or platforms, with a finding."""
        return len({_counted(each) for each in self.clients})

    @property
    def _failing(self) -> set[str]:
        return {_counted(each) for each in self.clients if each[1].verdict.failing}

    @property
    def _warned(self) -> set[str]:
        return {_counted(each) for each in self.clients if each[1].verdict is Verdict.WARNING}


@dataclass(frozen=True, kw_only=True, slots=True)
class PlatformFinding:
    """A platform with a requirement that its HTTP stack does not meet, and the clients on it that show this."""

    platform: str
    id: str
    clients: tuple[Having, ...]

    @property
    def example(self) -> Result:
        """The most severe result."""
        return Shared(id=self.id, clients=self.clients).example


def shared_findings(clients: Iterable[MatrixClient]) -> tuple[Shared, ...]:
    """Return the requirements with findings, the most frequent failure first."""
    found: dict[str, list[Having]] = {}
    for client in clients:
        for cause in client.findings:
            found.setdefault(cause.id, []).append((client, cause))
    return tuple(sorted((Shared(id=name, clients=tuple(each)) for name, each in found.items()), key=_most_first))


def platform_findings(clients: Iterable[MatrixClient]) -> tuple[PlatformFinding, ...]:
    """Return the findings of platforms, one for each platform and requirement, those of most clients first."""
    found: dict[tuple[str, str], list[Having]] = {}
    for client in clients:
        for cause in client.findings:
            if cause.platform:
                found.setdefault((cause.platform, cause.id), []).append((client, cause))
    rows = (PlatformFinding(platform=platform, id=name, clients=tuple(each)) for (platform, name), each in found.items())
    return tuple(sorted(rows, key=_most_severe_first))


def _counted(having: Having) -> str:
    client, cause = having
    return f"platform {cause.platform}" if cause.platform else f"client {client.key}"


def _most_first(shared: Shared) -> tuple[int, int, int, str]:
    return -shared.failing, -shared.total, LEVELS.index(shared.example.level), shared.id


def _most_severe_first(row: PlatformFinding) -> tuple[int, int, str, str]:
    return SEVERITY.index(row.example.verdict), -len(row.clients), row.platform, row.id
