"""The order of results: the same for every run, however many processes judged it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet.model.renewals import judges_renewal
from oauth_gauntlet.model.results import Result

_PLACES = {"sanity.first": 0, "sanity.last": 2}


def in_run_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """Return results by requirement, the sanity exchanges first and last; of a requirement, first requests before renewals.

    Processes that judge at the same time finish in an order that differs from run to run.
    """
    return tuple(sorted(results, key=_place))


def sanity_first_and_last(requirement_id: str) -> int:
    """Return a sort key that puts the sanity exchanges first and last, so that a client that died meanwhile is noticed."""
    return _PLACES.get(requirement_id, 1)


def _place(result: Result) -> tuple[int, str, bool, str]:
    return sanity_first_and_last(result.id), result.id, judges_renewal(result.scenario), result.scenario
