"""One cause, one failure: find the results that only follow from another one. Pure.

A client that sends ``grant_type`` twice gets no token in any scenario. That is one violation; what else fails is its
consequence. A result follows from another requirement that is not met, in this order:

1. The mock server refused the request by itself, and gave as its reason what that requirement forbids (`refused_as`).
2. It tests the same in general, and that requirement tests it specifically (`covered_by`): a generated configuration
   fails for the character that a scenario of its own is about.
3. The client gets no token from a well-behaved server at all (``sanity.first`` of the same grant), or the scenario was not
   run for that reason. It then follows from what ``sanity.first`` itself follows from, if there is such a requirement.
4. It is about a renewal that could not be judged (`untestable`), and the first request does not meet the same requirement: it
   follows from its own requirement, which counts once.

Such a result gets the verdict `consequence` and keeps its evidence. Reports show it below its cause, and nothing counts it.
Therefore a violation or a hazard never follows from less: from a warning, or from a deviation from a profile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache

from oauth_gauntlet.model.renewals import judges_renewal
from oauth_gauntlet.model.results import Result
from oauth_gauntlet.model.run_order import in_run_order
from oauth_gauntlet.model.standing import by_requirement
from oauth_gauntlet.model.verdict import Verdict
from oauth_gauntlet.protocol import JSON, JSONObject

SANITY = "sanity.first"
"""The requirement that a client gets a token from a well-behaved server."""

NOT_RUN = "not run: "
"""The beginning of the message of a scenario that was not run, because the client gets no token for its grant at all."""


def with_consequences(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return the results of a run in their order; what only follows from another requirement is a consequence of that one."""
    found = in_run_order(results)
    unmet = by_requirement(result for result in found if result.verdict.against)
    may_explain = {verdict: _grave_enough(unmet, verdict) for verdict in {result.verdict for result in found}}
    no_token = {
        result.grant: _NoToken(
            reasons=tuple(refusals(result.exchanges)), cause=_cause(result, may_explain[result.verdict], {}) or SANITY
        )
        for result in unmet.get(SANITY, ())
    }
    causes = {
        result.scenario: _cause(result, may_explain[result.verdict], no_token)
        for result in found
        if result.verdict.against or result.verdict is Verdict.UNTESTABLE
    }
    not_run = {result.scenario: no_token[result.grant].cause for result in found if _waits_for_sanity(result, no_token)}
    causes |= not_run
    by_id = {identifier: _common([causes[each.scenario] for each in same]) for identifier, same in unmet.items()}
    roots = {result.scenario: _root(result.id, causes.get(result.scenario, ""), by_id) for result in found}
    of_first = {
        result.id: roots[result.scenario] or result.id
        for result in found
        if result.verdict.against and not judges_renewal(result.scenario)
    }
    for result in found:
        if result.verdict is Verdict.UNTESTABLE and judges_renewal(result.scenario):
            roots[result.scenario] = roots[result.scenario] or of_first.get(result.id, "")
    return tuple(
        replace(result, verdict=Verdict.CONSEQUENCE, follows_from=root)
        if (root := roots[result.scenario])
        else _without_reason(result)
        for result in found
    )


def was_not_run(result: Result) -> bool:
    """Return whether a scenario was not run, because the client gets no token for its grant at all."""
    return result.verdict in {Verdict.CONSEQUENCE, Verdict.UNTESTABLE} and result.message.startswith(NOT_RUN)


def forbids(refused_as: Iterable[str], reasons: Iterable[str]) -> bool:
    """Return whether one of the reasons of the mock server is one that a requirement lists (`refused_as`)."""
    return _longest_match(tuple(refused_as), tuple(reasons)) > 0


def refusals(exchanges: Iterable[JSONObject]) -> Iterator[str]:
    """Yield the reasons (``error_description``) with which the mock server refused requests by itself, without a fault."""
    for exchange in exchanges:
        response = exchange.get("response")
        if exchange.get("fault") is None and isinstance(response, Mapping) and response.get("status") in {400, 401, 405}:
            reason = _description(response.get("body"))
            if reason:
                yield reason


@dataclass(frozen=True, kw_only=True, slots=True)
class _NoToken:
    """A grant that gets no token at all: the server's reasons, and the requirement that explains it."""

    reasons: tuple[str, ...]
    cause: str


def _waits_for_sanity(result: Result, no_token: Mapping[str, _NoToken]) -> bool:
    return result.verdict is Verdict.CONSEQUENCE and was_not_run(result) and result.grant in no_token


def _without_reason(result: Result) -> Result:
    """Return a result; one that was not run without a finding of its grant's first token is untestable."""
    lost = result.verdict is Verdict.CONSEQUENCE and was_not_run(result)
    return replace(result, verdict=Verdict.UNTESTABLE, follows_from="") if lost else result


def _cause(result: Result, unmet: Mapping[str, Sequence[Result]], no_token: Mapping[str, _NoToken]) -> str:
    """Return the requirement that a result follows from, or an empty text.

    `no_token` has the grants that get no token at all.
    """
    reasons = tuple(refusals(result.exchanges))
    # A requirement that itself forbids what the server refused is the cause, and no consequence.
    forbids_it = forbids(result.refused_as, reasons)
    others = unmet.items() if reasons else ()
    matches = {
        identifier: _longest_match(same[0].refused_as, reasons) for identifier, same in others if identifier != result.id
    }
    refused = [(length, identifier) for identifier, length in matches.items() if length]
    if refused and not forbids_it:
        return max(refused)[1]
    specific = next((each for each in result.covered_by if each in unmet), None)
    if specific is not None:
        return specific
    explains = any(forbids(result.refused_as, each.reasons) for each in no_token.values())
    follows = SANITY in unmet and result.id != SANITY and result.grant in no_token and not forbids_it and not explains
    return no_token[result.grant].cause if follows else ""


def _grave_enough(unmet: Mapping[str, Sequence[Result]], verdict: Verdict) -> Mapping[str, Sequence[Result]]:
    """Return the unmet requirements that may be the cause of a result with this verdict."""
    if not verdict.failing:
        return unmet
    causes = {Verdict.VIOLATION, Verdict.HAZARD, verdict}
    return {identifier: same for identifier, same in unmet.items() if any(each.verdict in causes for each in same)}


def _longest_match(refused_as: Sequence[str], reasons: Sequence[str]) -> int:
    """Return the length of the longest `refused_as` of a requirement that is one of the reasons; 0 if none is."""
    return _longest_of(tuple(refused_as), tuple(reasons)) if refused_as else 0


@lru_cache(maxsize=4096)
def _longest_of(patterns: tuple[str, ...], reasons: tuple[str, ...]) -> int:
    return max((len(pattern) for pattern in patterns if any(fnmatchcase(reason, pattern) for reason in reasons)), default=0)


def _common(causes: Sequence[str]) -> str:
    """Return the cause of a requirement: the one that all its failures have, or none if one of them has none."""
    return causes[0] if all(causes) else ""


def _root(start: str, cause: str, by_id: Mapping[str, str]) -> str:
    """Return the last cause of a chain of causes. Requirements that explain each other in a circle have none."""
    seen = {start}
    while cause not in seen and by_id.get(cause):
        seen.add(cause)
        cause = by_id[cause]
    return "" if cause == start else cause


def _description(body: JSON) -> str:
    try:
        document = json.loads(body) if isinstance(body, str) else None
    except ValueError:
        return ""
    found = document.get("error_description") if isinstance(document, dict) else None
    return found if isinstance(found, str) else ""
