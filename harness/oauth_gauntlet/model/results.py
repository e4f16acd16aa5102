"""Findings, results and runs, each with its JSON representation.

pytest-xdist workers send them as JSON, the results stream contains them, and every report is made from them. The JSON
representation is a contract, see ``docs/results.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from oauth_gauntlet.model.basis import Basis, source_of
from oauth_gauntlet.model.damage import Damage
from oauth_gauntlet.model.requirements import Level
from oauth_gauntlet.model.verdict import Ending, Verdict
from oauth_gauntlet.protocol import JSON, JSONObject

RESULTS_SCHEMA = "oauth-gauntlet/results/2"

BASELINE_FILE = "oauth-gauntlet.expect.toml"
"""The file of known verdicts, unless the user names another one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """The part of an exchange that a finding is about.

    `exchange` is the index in the result's list of exchanges (negative: from the end). `part` is ``request`` or
    ``response``. `text` is the text to underline, exactly as it was sent.
    """

    text: str
    part: str = "request"
    exchange: int = -1

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation."""
        return {"text": self.text, "part": self.part, "exchange": self.exchange}


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One deviation that a scenario found: what was expected, what was seen, and the marked part of an exchange.

    `grade` is the verdict that follows from this finding.
    """

    expected: str
    seen: str
    grade: Verdict
    mark: Mark | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation."""
        return {
            "expected": self.expected,
            "seen": self.seen,
            "grade": str(self.grade),
            "mark": None if self.mark is None else self.mark.to_json(),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """The verdict of one scenario with its evidence. `expected` is the baseline entry that applies, or None.

    `answer` is the client's last answer to the harness: a token or an error, as in the adapter protocol. `notes` are
    lines for the reader, such as the configuration of a generated counterexample. `profile`, `covered_by` and `refused_as`
    are those of the requirement. `follows_from` is the id of the requirement that explains this result, see
    `oauth_gauntlet.model.consequences`.
    `platform` names the platform whose HTTP stack decides the requirement, ``node 20.19.2``; it is empty where the client
    decides. `ending` says that the client hung or crashed in the scenario; None: it answered each operation.
    `damage` is what the finding means for users, or would mean, apart from the ending.
    """

    id: str
    scenario: str
    grant: str
    level: Level
    basis: tuple[Basis, ...]
    statement: str
    verdict: Verdict
    message: str = ""
    expected: JSONObject | None = None
    duration_s: float = 0.0
    findings: tuple[Finding, ...] = ()
    answer: JSONObject | None = None
    notes: tuple[str, ...] = ()
    exchanges: Sequence[JSONObject] = ()
    reproduce: str = ""
    profile: str | None = None
    covered_by: tuple[str, ...] = ()
    refused_as: tuple[str, ...] = ()
    follows_from: str = ""
    platform: str = ""
    ending: Ending | None = None
    damage: Damage = Damage.NO_TOKEN

    @property
    def whole_damage(self) -> Damage:
        """The damage: that of the ending, if it is worse."""
        if self.ending is None:
            return self.damage
        of_ending = {Ending.HANG: Damage.HANG, Ending.CRASH: Damage.CRASH}[self.ending]
        return min(self.damage, of_ending, key=lambda each: each.rank)

    @property
    def marked_exchange(self) -> int | None:
        """The index of the exchange that the first finding is about, or of the last exchange; None without exchanges."""
        mark = self.findings[0].mark if self.findings else None
        return exchange_place(mark, len(self.exchanges)) if self.exchanges else None

    @property
    def source(self) -> str:
        """The places of the basis in one line: ``RFC 6749 2.3.1, 5.1; practice``."""
        return source_of(self.basis)

    @property
    def category(self) -> str:
        """The first part of the id: ``parse`` of ``parse.expires-in-string``."""
        return self.id.partition(".")[0]

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation: an item of ``results``, and a line of the stream."""
        return {
            "id": self.id,
            "scenario": self.scenario,
            "grant": self.grant,
            "level": str(self.level),
            "profile": self.profile,
            "basis": [each.to_json() for each in self.basis],
            "covered_by": list(self.covered_by),
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
            "refused_as": list(self.refused_as),
            "follows_from": self.follows_from,
            "platform": self.platform,
            "ending": None if self.ending is None else str(self.ending),
            "damage": str(self.damage),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """All results of one client in one invocation, with the stream's header. `complete`: every scenario has a result.

    `started_at` is an RFC 3339 time. `planned` is the number of planned scenarios (0: unknown).
    `stopped`: why the user wanted no more results, such as ``stopped after 1 failure (-x)``; empty: the run went on.
    `baseline` is the file of known verdicts with which a report compared the run; the stream does not contain it.
    """

    tool_version: str
    client: JSONObject
    declared: JSONObject
    options: JSONObject
    started_at: str
    duration_s: float = 0.0
    complete: bool = False
    planned: int = 0
    stopped: str = ""
    baseline: str = BASELINE_FILE
    results: tuple[Result, ...] = field(default=())

    @property
    def whole(self) -> bool:
        """Whether the run judged the whole catalogue: it is complete, of the set "all", and without a selection."""
        judged = (self.options.get("set") or {}).get("name", "all")
        return self.complete and judged == "all" and not self.options.get("selection")

    def summary(self) -> dict[str, int]:
        """Return the number of results of each verdict, zeros included."""
        return count_verdicts(result.verdict for result in self.results)

    def header_json(self) -> dict[str, JSON]:
        """Return the stream's header: what is known before the first result."""
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
            "stopped": self.stopped,
            "summary": self.summary(),
            "results": [result.to_json() for result in self.results],
        }


def exchange_place(mark: Mark | None, count: int) -> int:
    """Return the index of the exchange that a mark is in; the last of `count` exchanges if there is no such index."""
    index = -1 if mark is None else mark.exchange
    place = index + count if index < 0 else index
    return place if 0 <= place < count else count - 1


def count_verdicts(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """Return the number of each verdict, zeros included, in the order of `Verdict`."""
    counts = {str(verdict): 0 for verdict in Verdict}
    for verdict in verdicts:
        counts[str(verdict)] += 1
    return counts
