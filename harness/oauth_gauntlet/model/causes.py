"""Group the results of a run by cause, the worst first: what every report and the terminal list. Pure.

The entries of the list are requirements. Requirements that are not met for the same reason are one cause: the worst of them is
its root and names the others, which follow it in the list. Two requirements have the same reason only if each finding of both
shows the same:

1. the mock server refused the request that the finding is about by itself, with the same reason;
2. or the client raised the same exception;
3. or the client handed out the same thing that is no access token.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from oauth_gauntlet.model.consequences import SANITY, refusals
from oauth_gauntlet.model.damage import Damage
from oauth_gauntlet.model.renewals import judges_renewal
from oauth_gauntlet.model.requirements import Level
from oauth_gauntlet.model.results import Result
from oauth_gauntlet.model.standing import by_requirement, number
from oauth_gauntlet.model.verdict import SEVERITY, Verdict

FINDINGS = frozenset(Verdict) - {Verdict.PASS, Verdict.CONSEQUENCE, Verdict.NOT_APPLICABLE}
"""Verdicts that require an action."""

_LEVELS = tuple(Level)
_MOST_REASON = 200
"""Maximum number of characters of a message that are compared and shown: the rest may contain an address or a token."""

# What differs between two runs of the same code: numbers, addresses, tokens.
_CHANGING = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8,}\b|\d+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consequence:
    """A requirement that is not met in some scenarios only because another one is not met."""

    id: str
    statement: str
    scenarios: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Alike:
    """A requirement that is not met for the same reason as the root of the cause."""

    id: str
    statement: str
    verdict: Verdict
    scenarios: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A requirement with its results, findings first, the most severe first, and with what follows from it.

    `reason` is what its findings have in common with those of others; `alike` are these others, if this requirement is the root
    of the cause. `root` is the id of the root for each of the others, and empty for the root.
    """

    id: str
    results: tuple[Result, ...]
    consequences: tuple[Consequence, ...] = ()
    reason: str = ""
    alike: tuple[Alike, ...] = ()
    root: str = ""

    @property
    def consequence_words(self) -> str:
        """``2 requirements cannot be met because of this``; empty if there are none."""
        count = len(self.consequences)
        return f"{number(count, 'requirement')} cannot be met because of this" if count else ""

    @property
    def alike_words(self) -> str:
        """``2 more requirements are not met: the client raised KeyError``; empty if there are none."""
        count = len(self.alike)
        return f"{count} more {'requirement is' if count == 1 else 'requirements are'} not met: {self.reason}" if count else ""

    @property
    def worst(self) -> Result:
        """The result that the entry shows."""
        return self.results[0]

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst result."""
        return self.worst.verdict

    @property
    def damage(self) -> Damage | None:
        """The worst damage of the findings against the client, or None without such a finding."""
        found = [result.whole_damage for result in self.results if result.verdict.against]
        return min(found, key=lambda each: each.rank, default=None)

    @property
    def leaves_no_token(self) -> bool:
        """Whether a grant gets no token at all because of this."""
        return (self.id == SANITY and self.against) or any(each.id == SANITY for each in self.consequences)

    @property
    def findings(self) -> tuple[Result, ...]:
        """The results that require an action."""
        return tuple(result for result in self.results if result.verdict in FINDINGS)

    @property
    def shown_in(self) -> tuple[Result, ...]:
        """The results that show what is wrong: those against the client, or all findings where none is against it.

        A scenario of the same requirement that ended with an error, or could not be tested, shows nothing.
        """
        return tuple(result for result in self.results if result.verdict.against) or self.findings

    @property
    def against(self) -> bool:
        """Whether a verdict is against the client."""
        return any(result.verdict.against for result in self.results)

    @property
    def platform(self) -> str:
        """The platform whose HTTP stack decides the worst finding, or "" if the client decides or there is no finding."""
        return self.worst.platform if self.verdict.against else ""

    @property
    def known(self) -> bool:
        """Whether the baseline knows every finding."""
        return bool(self.findings) and all(result.expected is not None for result in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """Number of results by verdict, the most severe first, without zeros."""
        counted = Counter(result.verdict for result in self.results)
        return {verdict: counted[verdict] for verdict in SEVERITY if counted[verdict]}


def causes(results: Iterable[Result]) -> tuple[Cause, ...]:
    """Return the requirements of results by cause: new ones before known ones, then by damage, verdict and level."""
    groups = by_requirement(results)
    following = _consequences(groups)
    found = [
        Cause(id=name, results=tuple(sorted(each, key=_result_order)), consequences=following.get(name, ()))
        for name, each in groups.items()
    ]
    by_reason: dict[tuple[bool, str], list[Cause]] = {}
    for cause in sorted(found, key=_order):
        reason = _reason(cause)
        by_reason.setdefault((cause.known, reason or f"of {cause.id}"), []).append(replace(cause, reason=reason))
    return tuple(member for (_, reason), members in by_reason.items() for member in _of_one_cause(members))


def root_causes(found: Iterable[Cause]) -> tuple[Cause, ...]:
    """Return the causes that have a finding, each once, by its root."""
    return tuple(cause for cause in found if cause.findings and not cause.root)


def _of_one_cause(members: Sequence[Cause]) -> list[Cause]:
    if len(members) == 1:
        return [replace(members[0], reason="")]
    root, *others = members
    alike = tuple(
        Alike(id=each.id, statement=each.worst.statement, verdict=each.verdict, scenarios=len(each.shown_in)) for each in others
    )
    return [replace(root, alike=alike), *(replace(each, root=root.id) for each in others)]


def _consequences(groups: Mapping[str, Sequence[Result]]) -> dict[str, tuple[Consequence, ...]]:
    """Return what follows from each requirement, by its id."""
    found: dict[str, list[Consequence]] = {}
    for name, results in groups.items():
        counted = Counter(result.follows_from for result in results if result.verdict is Verdict.CONSEQUENCE)
        del counted[name]  # a renewal that could not be judged: it is part of the cause itself
        for cause, count in counted.items():
            found.setdefault(cause, []).append(Consequence(id=name, statement=results[0].statement, scenarios=count))
    return {cause: tuple(sorted(each, key=lambda one: one.id)) for cause, each in found.items()}


def _reason(cause: Cause) -> str:
    """Return what all findings of a requirement show, or an empty text if they differ or there is no finding."""
    found = (_reason_of(result) if result.verdict.against else "" for result in cause.findings)
    first = next(found, "")
    # Without a reason, or where another one follows, no further evidence is read.
    return first if first and all(reason == first for reason in found) else ""


def _reason_of(result: Result) -> str:
    seen = result.findings[0].seen if result.findings else result.message
    place = result.marked_exchange
    for said in refusals([] if place is None else [result.exchanges[place]]):
        return f'the server refused the request: "{_comparable(said)}"'
    answer = result.answer or {}
    error, token = answer.get("error"), answer.get("token")
    if isinstance(error, Mapping) and error.get("kind") == "unexpected":
        kind, message = str(error.get("type") or ""), str(error.get("message") or "")
        if kind and (kind in seen or (message and message[:40] in seen)):
            return f"the client raised {kind}: {_comparable(message)}"
    if isinstance(token, Mapping):
        handed_out = token.get("access_token")
        text = json.dumps(handed_out)[:60]
        if not (isinstance(handed_out, str) and handed_out) and text in seen:
            return f"the client handed out {text} as the access token"
    return ""


def _comparable(text: str) -> str:
    return _CHANGING.sub("...", text.partition("\n")[0][:_MOST_REASON])


def _result_order(result: Result) -> tuple[bool, bool, int, int, bool, str]:
    is_finding = result.verdict in FINDINGS
    return (
        not is_finding,
        is_finding and result.expected is not None,
        SEVERITY.index(result.verdict),
        result.whole_damage.rank,
        # A finding about a renewal reads as if the first request were met.
        judges_renewal(result.scenario),
        result.scenario,
    )


def _order(cause: Cause) -> tuple[bool, bool, int, int, int, int, str]:
    # Errors and what is untestable have no damage: they come after what is known about the client, and before what is met.
    damage = cause.damage
    return (
        cause.known,
        not cause.leaves_no_token,
        len(Damage) if damage is None else damage.rank,
        SEVERITY.index(cause.verdict),
        _LEVELS.index(cause.worst.level),
        -len(cause.shown_in),
        cause.id,
    )
