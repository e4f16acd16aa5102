"""What a run is about and what comes out of it: requirements, verdicts, results.

Plain frozen values with a JSON form each, so that workers can ship them, a stream can keep them, and every report can
be made from them later. Pure: no I/O, no clock. The JSON form is a contract, see ``docs/results.md``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from oauth_gauntlet.protocol import JSON, GrantType, JSONObject

RESULTS_SCHEMA = "oauth-gauntlet/results/1"


class Level(StrEnum):
    """How binding a requirement is."""

    MUST = "must"
    """An RFC says so of the client, with MUST or by definition."""
    SHOULD = "should"
    """An RFC recommends it to the client."""
    INTEROP = "interop"
    """Widespread practice; clients that do otherwise meet servers where they fail."""
    CONNECTOR = "connector"
    """The connector document, from which this project started, promises it."""

    @property
    def binding(self) -> bool:
        """Whether a client that does otherwise fails, rather than is warned."""
        return self in {Level.MUST, Level.CONNECTOR}


class Verdict(StrEnum):
    """What a scenario concludes about a client."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    UNTESTABLE = "untestable"
    """The fault was not delivered, or the client never came to the point: nothing was proved."""
    NOT_APPLICABLE = "not_applicable"
    """The adapter does not declare what the scenario needs."""
    ERROR = "error"
    """The adapter or the harness broke; says nothing about the client."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that a client has to do, and who says so.

    `grants` are those it applies to; `parameters`, `capabilities` and `auth_methods` what an adapter has to declare.
    """

    id: str
    level: Level
    source: str
    statement: str
    grants: tuple[GrantType, ...]
    parameters: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    auth_methods: frozenset[str] = frozenset()

    @property
    def category(self) -> str:
        """The first part of the id: ``parse`` of ``parse.expires-in-string``."""
        return self.id.partition(".")[0]

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON form that ``oauth-gauntlet list --format json`` prints."""
        return {
            "id": self.id,
            "category": self.category,
            "level": str(self.level),
            "source": self.source,
            "statement": self.statement,
            "grants": [str(grant) for grant in self.grants],
            "needs": {
                "parameters": sorted(self.parameters),
                "capabilities": sorted(self.capabilities),
                "token_endpoint_auth_methods": sorted(self.auth_methods),
            },
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class RequirementSet:
    """A named set of requirements; `ids` is None where it is the whole catalogue, `grants` are those that it knows."""

    name: str
    version: str
    title: str
    ids: frozenset[str] | None = None
    grants: frozenset[GrantType] = frozenset(GrantType)

    def covers(self, requirement_id: str, grant: GrantType) -> bool:
        """Whether a requirement belongs to the set, for a grant."""
        return grant in self.grants and (self.ids is None or requirement_id in self.ids)

    def to_json(self) -> dict[str, JSON]:
        """Return what a report says of the set (option ``set`` of results.json)."""
        return {"name": self.name, "version": self.version}


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The offending part of an exchange.

    `exchange` is the index in the result's list of exchanges (negative: from the end), `part` names where to look
    (``request`` or ``response``), `text` is the very text to underline, as it stands on the wire.
    """

    text: str
    part: str = "request"
    exchange: int = -1

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON form."""
        return {"text": self.text, "part": self.part, "exchange": self.exchange}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that a scenario found: what was expected, what was seen, and where.

    `grade` is the verdict that this finding alone calls for.
    """

    expected: str
    seen: str
    grade: Verdict
    mark: Mark | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON form."""
        return {
            "expected": self.expected,
            "seen": self.seen,
            "grade": str(self.grade),
            "mark": None if self.mark is None else self.mark.to_json(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """What one scenario concluded, with its evidence. `expected` is set when a baseline entry applies.

    `answer` is the client's last answer to the harness (a token or an error, in the protocol's form); `notes` are
    lines for the reader, such as a generated counterexample's configuration.
    """

    id: str
    scenario: str
    grant: str
    level: Level
    source: str
    statement: str
    verdict: Verdict
    message: str = ""
    expected: JSONObject | None = None
    duration_s: float = 0.0
    findings: tuple[Finding, ...] = ()
    answer: JSONObject | None = None
    notes: tuple[str, ...] = ()
    exchanges: tuple[JSONObject, ...] = ()
    reproduce: str = ""

    @property
    def category(self) -> str:
        """The first part of the id."""
        return self.id.partition(".")[0]

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON form: an entry of ``results`` and a line of the stream."""
        return {
            "id": self.id,
            "scenario": self.scenario,
            "grant": self.grant,
            "level": str(self.level),
            "source": self.source,
            "statement": self.statement,
            "verdict": str(self.verdict),
            "message": self.message,
            "expected": None if self.expected is None else dict(self.expected),
            "duration_s": round(self.duration_s, 6),
            "findings": [finding.to_json() for finding in self.findings],
            "answer": None if self.answer is None else dict(self.answer),
            "notes": list(self.notes),
            "exchanges": [dict(exchange) for exchange in self.exchanges],
            "reproduce": self.reproduce,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A whole run: the header of the stream, its results, and whether it came to its end.

    `started_at` is an RFC 3339 time. `planned` is the number of scenarios that were to be run (0: unknown).
    """

    tool_version: str
    client: JSONObject
    declared: JSONObject
    options: JSONObject
    started_at: str
    duration_s: float = 0.0
    complete: bool = False
    planned: int = 0
    results: tuple[Result, ...] = field(default=())

    def summary(self) -> dict[str, int]:
        """Count the results by verdict, all verdicts named."""
        return count_verdicts(result.verdict for result in self.results)

    def header_json(self) -> dict[str, JSON]:
        """Return what is known before the first result: the stream's header."""
        return {
            "schema": RESULTS_SCHEMA,
            "tool": {"name": "oauth-gauntlet", "version": self.tool_version},
            "client": dict(self.client),
            "declared": dict(self.declared),
            "options": dict(self.options),
            "started_at": self.started_at,
        }

    def to_json(self) -> dict[str, JSON]:
        """Return results.json as one document."""
        return {
            **self.header_json(),
            "duration_s": round(self.duration_s, 3),
            "complete": self.complete,
            "summary": self.summary(),
            "results": [result.to_json() for result in self.results],
        }


def count_verdicts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return the number of each verdict, zeros included, in the order of `Verdict`."""
    counts = {str(verdict): 0 for verdict in Verdict}
    for verdict in verdicts:
        counts[str(verdict)] += 1
    return counts
