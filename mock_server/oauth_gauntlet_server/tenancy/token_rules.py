"""Rules of real servers about the tokens that a client holds: which of them live, and what a refresh does to them.

`TokenRules` says what a tenant does; the functions say what follows for records of tokens. They are pure: `TenantTokens`
carries out what they decide, one request at a time. Times are in seconds since the epoch on the tenant's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from oauth_gauntlet_server.tenancy.model import RotationPolicy, TokenRecord
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRules:
    """What a tenant does about more than one token of a client; the defaults are no rule at all.

    `rotation_grace_s`: a spent refresh token is granted again for so long, with a successor of its own (Okta, Auth0, Xero,
    Atlassian); with the detection of reuse only until one of its successors is used. `rotate_every`: each refresh token is
    replaced with its nth use, not with the first. `refresh_token_idle_lifetime_s`: a refresh token ends when it was not used
    for so long (Keycloak, Entra); None: never. `refresh_window_s`: a refresh is refused while the access token of its session
    lives longer than this (Exact Online: 30); None: a refresh is granted at any time. `refresh_ends_access_token`: a refresh
    ends the access tokens that its session had before (GitHub).

    `same_access_token`: a client that asks again gets the access token that it has, with what is left of its life as
    expires_in (PayPal); for the same client, user, scope and claims. `most_access_tokens`, `most_refresh_tokens`: how many
    live tokens a client has at a time for each user (without a user: for itself); one more ends the oldest (Google: 100
    refresh tokens; 1: a new access token ends the earlier one). None: no limit.

    Raises:
        SettingRefused: a number is below its least value.
    """

    rotation_grace_s: int = 0
    rotate_every: int = 1
    refresh_token_idle_lifetime_s: int | None = None
    refresh_window_s: int | None = None
    refresh_ends_access_token: bool = False
    same_access_token: bool = False
    most_access_tokens: int | None = None
    most_refresh_tokens: int | None = None

    def __post_init__(self) -> None:
        for name, least in LEAST.items():
            value = getattr(self, name)
            if value is not None and value < least:
                raise SettingRefused(name, f"got {value}", expected=f"{least} or more")

    @property
    def one_at_a_time(self) -> bool:
        """Whether a request must see what another one has issued: such requests are answered one after the other."""
        return (
            self.same_access_token
            or self.refresh_window_s is not None
            or self.most_access_tokens is not None
            or self.most_refresh_tokens is not None
        )


LEAST = {
    "rotation_grace_s": 0,
    "rotate_every": 1,
    "refresh_token_idle_lifetime_s": 0,
    "refresh_window_s": 0,
    "most_access_tokens": 1,
    "most_refresh_tokens": 1,
}
"""The least value of each rule that is a number."""


class Use(Enum):
    """What the use of a refresh token leads to."""

    KEEPS = auto()
    """It stays valid; the response contains no new one."""
    ROTATES = auto()
    """The response contains a new one."""
    REUSED = auto()
    """It was spent before: the request is refused."""


def used(record: TokenRecord, *, rules: TokenRules, rotation: RotationPolicy, now: float) -> tuple[TokenRecord, Use]:
    """Return the record of a refresh token after one more use, and what the use leads to."""
    if record.spent:
        return record, (Use.ROTATES if in_grace(record, rules, now) else Use.REUSED)
    counted = replace(record, uses=record.uses + 1, last_used_at=now)
    if rotation is RotationPolicy.KEEP or counted.uses % rules.rotate_every:
        return counted, Use.KEEPS
    return replace(counted, spent_at=now), Use.ROTATES


def in_grace(record: TokenRecord, rules: TokenRules, now: float) -> bool:
    """Return whether a spent refresh token is granted once more.

    Auth0 takes a token for stolen that comes back after its successor was used.
    """
    return record.spent_at is not None and not record.superseded and now < record.spent_at + rules.rotation_grace_s


def usable(record: TokenRecord, rules: TokenRules, now: float) -> bool:
    """Return whether the dates of a token allow its use, and it has not been idle for too long."""
    idle = _idle_end(record, rules)
    return record.is_valid_at(now) and (idle is None or now < idle)


def end_of_life(record: TokenRecord, rules: TokenRules) -> Any:
    """Return when a token ends: `TokenRecord.ends_at`, or earlier because it is idle; None: never."""
    idle, end = _idle_end(record, rules), record.ends_at
    return end if idle is None else idle if end is None else min(idle, end)


def _idle_end(record: TokenRecord, rules: TokenRules) -> float | None:
    if not record.is_refresh_token or rules.refresh_token_idle_lifetime_s is None:
        return None
    since = record.issued_at if record.last_used_at is None else record.last_used_at
    return since + rules.refresh_token_idle_lifetime_s


def too_early(access_tokens: Iterable[TokenRecord], rules: TokenRules, now: float) -> bool:
    """Return whether a refresh comes too early; `access_tokens` are the live ones of the session."""
    window = rules.refresh_window_s
    return window is not None and any(each.expires_at is None or each.expires_at - now > window for each in access_tokens)


def in_excess(live: Sequence[TokenRecord], most: int | None) -> Sequence[TokenRecord]:
    """Return the tokens that end when one more is issued; `live` are those of one client and user, oldest first."""
    return () if most is None else live[: max(0, len(live) + 1 - most)]
