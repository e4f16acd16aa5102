"""One budget of octets for everything that the tenants of a server keep: journals, tokens, and the tenants themselves.

Each tenant has an account. What it stores is added to the account before it is stored, and removed after it was removed,
so the total never exceeds the limit by more than what is being recorded at the moment. If the total would exceed the
limit, `Memory` makes room in this order, and counts what it drops:

1. journals, as far as all of them together hold more than half of the limit,
2. what has expired by the clock of its tenant: tokens, and identifiers of assertions,
3. access tokens,
4. refresh tokens that are spent or revoked, or whose session has ended.

Of journals and access tokens, the largest tenants lose the oldest entries first; a tenant that keeps little loses
nothing. A refresh token that is still good is never dropped: if nothing else is left, storing fails with `MemoryFull`.
A journal then takes what is left; an exchange is always recorded.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from typing import Literal, Protocol, TypeAlias

log = logging.getLogger(__name__)

MIB = 1024 * 1024

DEFAULT_MEMORY = 256 * MIB
"""The limit of a server by default, in octets."""

Kind: TypeAlias = Literal["journals", "access_tokens", "refresh_tokens", "tenants"]

JOURNALS: Kind = "journals"
ACCESS_TOKENS: Kind = "access_tokens"
REFRESH_TOKENS: Kind = "refresh_tokens"
TENANTS: Kind = "tenants"
"""Tenants with their settings, registered parties, ended sessions, and identifiers of assertions."""

_DROPPED_ARE: dict[Kind, str] = {
    JOURNALS: "the oldest exchanges of the largest journals",
    ACCESS_TOKENS: "expired access tokens, and the oldest of the tenants with most",
    REFRESH_TOKENS: "refresh tokens that have expired or are not good any more",
}

_HOPELESS_S = 1.0
"""After room was sought in vain, so many seconds pass before it is sought again: a search looks at every token."""


class StorageFull(Exception):
    """Something cannot be stored, because a limit is reached; the text says which, and the next step."""


class MemoryFull(StorageFull):
    """The memory of the server is full of what must not be dropped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoryUse:
    """How much of the memory is used, in octets by a careful estimate, and how much was dropped since the start.

    `dropped_exchanges` does not count what a journal dropped because of its own `journal_capacity`.
    """

    limit: int
    used: int
    journals: int
    access_tokens: int
    refresh_tokens: int
    tenants: int
    dropped_exchanges: int
    dropped_access_tokens: int
    dropped_refresh_tokens: int

    def to_json(self) -> dict[str, int]:
        """Return the members by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class FreeableJournal(Protocol):
    """What the memory needs of a journal."""

    def free(self, octets: int) -> None:
        """Drop the oldest exchanges until so many octets are free, or none is left."""


class FreeableTokens(Protocol):
    """What the memory needs of the tokens of a tenant."""

    def free(self, octets: int) -> None:
        """Drop the oldest access tokens until so many octets are free, or none is left."""

    def drop_expired(self) -> None:
        """Drop what has expired."""

    def drop_dead(self) -> None:
        """Drop refresh tokens that are not good any more."""


class Account:
    """What one tenant keeps, in octets by kind.

    Room can be made in `journal` and `tokens`; `drop_expired` drops what has expired besides tokens.
    """

    __slots__ = ("_memory", "drop_expired", "journal", "open", "tokens", "used")

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.used: dict[Kind, int] = dict.fromkeys((JOURNALS, ACCESS_TOKENS, REFRESH_TOKENS, TENANTS), 0)
        self.open = True
        self.journal: FreeableJournal | None = None
        self.tokens: FreeableTokens | None = None
        self.drop_expired: Callable[[], None] = lambda: None

    def add(self, kind: Kind, octets: int, *, always: bool = False) -> None:
        """Count octets that will be stored; with `always` also if there is no room. Hold no lock of a store meanwhile.

        Octets of journals are always counted.

        Raises:
            MemoryFull: there is no room. Nothing is counted then.
        """
        memory = self._memory
        with memory.counting:
            if not self.open:
                return
            self.used[kind] += octets
            memory.total += octets
            if memory.total <= memory.limit:
                return
        if not memory.make_room(for_journal=kind == JOURNALS) and not always and kind != JOURNALS:
            self.remove(kind, octets)
            raise MemoryFull(memory.full())

    def remove(self, kind: Kind, octets: int) -> None:
        """Count octets that are not stored any more."""
        with self._memory.counting:
            if self.open:
                self.used[kind] -= octets
                self._memory.total -= octets

    def dropped(self, kind: Kind, octets: int, number: int) -> None:
        """Count `number` entries that were dropped to make room, with their octets."""
        self.remove(kind, octets)
        self._memory.count_dropped(kind, number)

    def close(self) -> None:
        """Count nothing of this tenant any more: it was deleted."""
        self._memory.close(self)


class Memory:
    """The budget of one server; see the module. Safe for threads. `total` is counted under the lock `counting`.

    Raises:
        ValueError: the limit is smaller than 1 MiB.
    """

    def __init__(self, limit: int = DEFAULT_MEMORY, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        if limit < MIB:
            raise ValueError(f"the memory must be at least 1 MiB ({MIB} octets), got {limit} octets")
        self.limit = limit
        self._monotonic = monotonic
        self.total = 0
        self._dropped: dict[Kind, int] = dict.fromkeys((JOURNALS, ACCESS_TOKENS, REFRESH_TOKENS, TENANTS), 0)
        self._accounts: dict[Account, None] = {}
        self.counting = threading.Lock()
        self._making_room = threading.Lock()
        self._hopeless_until = 0.0

    def account(self) -> Account:
        """Return a new account."""
        account = Account(self)
        with self.counting:
            self._accounts[account] = None
        return account

    def use(self) -> MemoryUse:
        """Return how much is used at the moment."""
        with self.counting:
            return MemoryUse(
                limit=self.limit,
                used=self.total,
                journals=self._used(JOURNALS),
                access_tokens=self._used(ACCESS_TOKENS),
                refresh_tokens=self._used(REFRESH_TOKENS),
                tenants=self._used(TENANTS),
                dropped_exchanges=self._dropped[JOURNALS],
                dropped_access_tokens=self._dropped[ACCESS_TOKENS],
                dropped_refresh_tokens=self._dropped[REFRESH_TOKENS],
            )

    def count_dropped(self, kind: Kind, number: int) -> None:
        """Count entries that were dropped to make room; the first time, log it."""
        with self.counting:
            first = not self._dropped[kind]
            self._dropped[kind] += number
        if first:
            log.warning("the memory of %d MiB is full: %s are dropped", self.limit // MIB, _DROPPED_ARE[kind])

    def close(self, account: Account) -> None:
        """Count nothing of an account any more."""
        with self.counting:
            if account.open:
                account.open = False
                del self._accounts[account]
                self.total -= sum(account.used.values())

    def make_room(self, *, for_journal: bool) -> bool:
        """Make room, one thread at a time, and return whether the total is within the limit.

        An eighth of the memory is freed at once, so that the next search is far away.
        """
        with self._making_room:
            if self.total <= self.limit:
                return True
            target = self.limit - self.limit // 8
            accounts = self._all()
            self._cut_journals(accounts, max(self.limit // 2, target - self._without(JOURNALS)))
            if self.total > self.limit and self._monotonic() >= self._hopeless_until:
                self._drop_tokens(accounts, target)
                if self.total > self.limit:
                    self._hopeless_until = self._monotonic() + _HOPELESS_S
            if self.total > self.limit and for_journal:
                self._cut_journals(accounts, target - self._without(JOURNALS))
            return self.total <= self.limit

    def _drop_tokens(self, accounts: Iterable[Account], target: int) -> None:
        for account in accounts:
            if account.tokens is not None:
                account.tokens.drop_expired()
            account.drop_expired()
        if self.total > self.limit:
            self._cut_access_tokens(accounts, target - self._without(ACCESS_TOKENS))
        if self.total > self.limit:
            for account in accounts:
                if account.tokens is not None:
                    account.tokens.drop_dead()

    def _all(self) -> tuple[Account, ...]:
        with self.counting:
            return tuple(self._accounts)

    def _without(self, kind: Kind) -> int:
        with self.counting:
            return self.total - self._used(kind)

    def _used(self, kind: Kind) -> int:
        """Return the octets of one kind; the caller has the lock."""
        return sum(account.used[kind] for account in self._accounts)

    def _cut_journals(self, accounts: Iterable[Account], all_together: int) -> None:
        each = fair_share([account.used[JOURNALS] for account in accounts], all_together)
        for account in accounts:
            if account.journal is not None and account.used[JOURNALS] > each:
                account.journal.free(account.used[JOURNALS] - each)

    def _cut_access_tokens(self, accounts: Iterable[Account], all_together: int) -> None:
        each = fair_share([account.used[ACCESS_TOKENS] for account in accounts], all_together)
        for account in accounts:
            if account.tokens is not None and account.used[ACCESS_TOKENS] > each:
                account.tokens.free(account.used[ACCESS_TOKENS] - each)

    def full(self) -> str:
        """Return what the memory is full of, and the next step."""
        use = self.use()
        return (
            f"the memory of the server ({self.limit // MIB} MiB) is full, and what it holds is still needed: "
            f"{use.refresh_tokens // MIB} MiB of refresh tokens, {use.tenants // MIB} MiB of tenants; "
            "delete tenants, or start the server with more (serve --memory, MockServer(memory=...))"
        )


def fair_share(sizes: Iterable[int], all_together: int) -> int:
    """Return how much each may keep, so that all keep at most `all_together`, and the small ones keep everything."""
    ordered = sorted(sizes)
    left = max(all_together, 0)
    for number, size in enumerate(ordered):
        share = left // (len(ordered) - number)
        if size > share:
            return share
        left -= size
    return max(ordered, default=0)
