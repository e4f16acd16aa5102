"""One cause, one failure: find the results that only follow from another one. Pure.

A client that sends ``grant_type`` twice gets no token in any scenario. That is one violation; what else fails is its
consequence. A result follows from another requirement that is not met, in this order:

1. The mock server refused the request by itself, and gave as its reason what that requirement forbids (`refused_as`).
2. It tests the same in general, and that requirement tests it specifically (`covered_by`): a generated configuration
   fails for the character that a scenario of its own is about.
3. The client gets no token from a well-behaved server at all (``sanity.first`` of the same grant).

Such a result gets the verdict `consequence` and keeps its evidence. Reports show it below its cause, and nothing counts it.
Therefore a violation or a hazard never follows from less: from a warning, or from a deviation from a profile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from oauth_gauntlet.model.results import Result
from oauth_gauntlet.model.standing import by_requirement
from oauth_gauntlet.model.verdict import Verdict
from oauth_gauntlet.protocol import JSON, JSONObject

SANITY = "sanity.first"
"""The requirement that a client gets a token from a well-behaved server."""


def with_consequences(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return the results of a run; each that only follows from another requirement is a consequence of that one."""
    found = tuple(results)
    unmet = by_requirement(result for result in found if result.verdict.against)
    no_token = {result.grant: tuple(refusals(result.exchanges)) for result in unmet.get(SANITY, ())}
    may_explain = {verdict: _grave_enough(unmet, verdict) for verdict in {result.verdict for result in found}}
    causes = {
        result.scenario: _cause(result, may_explain[result.verdict], no_token)
        for result in found
        if result.verdict.against or result.verdict is Verdict.UNTESTABLE
    }
    by_id = {identifier: _common([causes[each.scenario] for each in same]) for identifier, same in unmet.items()}
    roots = {result.scenario: _root(result.id, causes.get(result.scenario, ""), by_id) for result in found}
    return tuple(
        replace(result, verdict=Verdict.CONSEQUENCE, follows_from=root) if (root := roots[result.scenario]) else result
        for result in found
    )


def refusals(exchanges: Sequence[JSONObject]) -> Iterator[str]:
    """Yield the reasons (``error_description``) with which the mock server refused requests by itself, without a fault."""
    for exchange in exchanges:
        response = exchange.get("response")
        if exchange.get("fault") is None and isinstance(response, Mapping) and response.get("status") in {400, 401, 405}:
            reason = _description(response.get("body"))
            if reason:
                yield reason


def _cause(result: Result, unmet: Mapping[str, Sequence[Result]], no_token: Mapping[str, Sequence[str]]) -> str:
    """Return the requirement that a result follows from, or an empty text.

    `no_token` has the grants that get no token at all, each with the server's reasons.
    """
    reasons = tuple(refusals(result.exchanges))
    # A requirement that itself forbids what the server refused is the cause, and no consequence.
    forbids_it = _longest_match(result, reasons) > 0
    matches = {identifier: _longest_match(same[0], reasons) for identifier, same in unmet.items() if identifier != result.id}
    refused = [(length, identifier) for identifier, length in matches.items() if length]
    if refused and not forbids_it:
        return max(refused)[1]
    specific = next((each for each in result.covered_by if each in unmet), None)
    if specific is not None:
        return specific
    explains = any(_longest_match(result, each) for each in no_token.values())
    follows = SANITY in unmet and result.id != SANITY and result.grant in no_token and not forbids_it and not explains
    return SANITY if follows else ""


def _grave_enough(unmet: Mapping[str, Sequence[Result]], verdict: Verdict) -> Mapping[str, Sequence[Result]]:
    """Return the unmet requirements that may be the cause of a result with this verdict."""
    if not verdict.failing:
        return unmet
    causes = {Verdict.VIOLATION, Verdict.HAZARD, verdict}
    return {identifier: same for identifier, same in unmet.items() if any(each.verdict in causes for each in same)}


def _longest_match(result: Result, reasons: Sequence[str]) -> int:
    """Return the length of the longest `refused_as` of a result's requirement that is one of the reasons; 0 if none is."""
    return max(
        (len(pattern) for pattern in result.refused_as if any(fnmatchcase(reason, pattern) for reason in reasons)), default=0
    )


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
