"""The refusals of the resource in a story, and what each of them asks of a client that renews refused tokens (retry_401)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet_scenarios.resource.refusal_forms import FREE, OF_SCOPE, SPELLED, refusal
from oauth_gauntlet_server.faults import Fault


class Renewal(StrEnum):
    """Whether a client that declares retry_401 renews its token after a refusal, and repeats the request."""

    EXPECTED = "expected"
    """The token is invalid, in a legal spelling (resource.challenge-spelling)."""
    FREE = "free"
    """RFC 6750 3.1 and RFC 9110 15.5.2 say MAY (resource.refusal-forms)."""
    USELESS = "useless"
    """The token lacks a scope: another one with the same scope does not help (resource.403-spelling)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """A form of refusal."""

    name: str
    fault: Fault
    renewal: Renewal


REFUSALS = {
    each.name: each
    for each in (
        *(Refusal(name=name, fault=refusal(401, *fields), renewal=Renewal.EXPECTED) for name, fields in SPELLED.items()),
        *(Refusal(name=name, fault=fault, renewal=Renewal.FREE) for name, fault in FREE.items()),
        *(
            Refusal(name=f"403 {name}", fault=refusal(403, *fields), renewal=Renewal.USELESS)
            for name, fields in OF_SCOPE.items()
        ),
    )
}
"""The refusals by name."""
