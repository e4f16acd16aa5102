"""The token records of one tenant: access tokens and refresh tokens apart, so that neither pushes out the other.

Access tokens are many and short-lived: when the memory of the server is full, the oldest are dropped. A client that
lost an access token asks for another one; with a lost refresh token its session would be lost. So a refresh token that is
still good is never dropped (see `tenancy.memory`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

from oauth_gauntlet_server.tenancy.memory import ACCESS_TOKENS, REFRESH_TOKENS, Account, Kind
from oauth_gauntlet_server.tenancy.model import REFRESH_TOKEN, TokenRecord
from oauth_gauntlet_server.tenancy.octets import token_octets


class TokenStore:
    """A store of token records by token (see `Store`), whose octets count in the account of a tenant.

    `now` returns the time of the tenant's clock. `is_dead` says of the record of a refresh token whether the token is not
    good any more for another reason than the time. `dropped` counts the records that were dropped to make room.
    """

    def __init__(self, account: Account, *, now: Callable[[], float], is_dead: Callable[[TokenRecord], bool]) -> None:
        self._account = account
        self._now = now
        self._is_dead = is_dead
        self._records: dict[Kind, dict[str, TokenRecord]] = {ACCESS_TOKENS: {}, REFRESH_TOKENS: {}}
        self._access = self._records[ACCESS_TOKENS]
        self._refresh = self._records[REFRESH_TOKENS]
        self._lock = threading.Lock()
        self.dropped = 0
        account.tokens = self

    def get(self, key: str) -> TokenRecord | None:
        """Return the record of a token, or None."""
        return self._access.get(key) or self._refresh.get(key)

    def put(self, key: str, value: TokenRecord) -> None:
        """Set the record of a token; a replaced one keeps its age.

        Raises:
            MemoryFull: the memory of the server is full of what must not be dropped.
        """
        self._add(key, value, replace=True)

    def put_if_absent(self, key: str, value: TokenRecord) -> bool:
        """Set the record if the token is unknown; return whether it was set. Raises what `put` raises."""
        return self.get(key) is None and self._add(key, value, replace=False)

    def update(self, key: str, change: Callable[[TokenRecord], TokenRecord]) -> TokenRecord | None:
        """Replace the record by `change(record)`, of the same kind, and return it; return None if the token is unknown."""
        with self._lock:
            before = self.get(key)
            if before is None:
                return None
            value = change(before)
            self._records[_kind(value)][key] = value
            freed = token_octets(before) - token_octets(value)
        if freed:
            self._account.remove(_kind(value), freed)
        return value

    def delete(self, key: str) -> TokenRecord | None:
        """Remove and return the record of a token, or None."""
        with self._lock:
            record = self.get(key)
            if record is not None:
                freed = self._forget(_kind(record), [(key, record)])
        if record is not None:
            self._account.remove(_kind(record), freed)
        return record

    def values(self) -> tuple[TokenRecord, ...]:
        """Return all records: access tokens, then refresh tokens, each oldest first."""
        with self._lock:
            return (*self._access.values(), *self._refresh.values())

    def clear(self) -> None:
        """Remove everything."""
        for kind in (ACCESS_TOKENS, REFRESH_TOKENS):
            with self._lock:
                freed = self._forget(kind, list(self._records[kind].items()))
            self._account.remove(kind, freed)

    def __len__(self) -> int:
        return len(self._access) + len(self._refresh)

    def free(self, octets: int) -> None:
        """Drop the oldest access tokens until so many octets are free, or none is left."""
        freed = number = 0
        with self._lock:
            for key in list(self._access):
                if freed >= octets:
                    break
                freed += token_octets(self._access.pop(key))
                number += 1
            self.dropped += number
        if number:
            self._account.dropped(ACCESS_TOKENS, freed, number)

    def drop_expired(self) -> None:
        """Drop the tokens that have expired by the tenant's clock."""
        now = self._now()
        for kind in (ACCESS_TOKENS, REFRESH_TOKENS):
            self._drop(kind, lambda record: record.expires_at is not None and record.expires_at <= now)

    def drop_dead(self) -> None:
        """Drop the refresh tokens that are spent or revoked, or whose session has ended."""
        self._drop(REFRESH_TOKENS, self._is_dead)

    def _drop(self, kind: Kind, unwanted: Callable[[TokenRecord], bool]) -> None:
        with self._lock:
            gone = [(key, record) for key, record in self._records[kind].items() if unwanted(record)]
            freed = self._forget(kind, gone)
            self.dropped += len(gone)
        if gone:
            self._account.dropped(kind, freed, len(gone))

    def _add(self, key: str, record: TokenRecord, *, replace: bool) -> bool:
        # Counted before it is stored, without the lock: to make room, the memory may drop tokens of this store.
        octets = token_octets(record)
        kind, records = (REFRESH_TOKENS, self._refresh) if record.kind == REFRESH_TOKEN else (ACCESS_TOKENS, self._access)
        self._account.add(kind, octets)
        with self._lock:
            before = self._access.get(key) or self._refresh.get(key)
            if before is None:
                records[key] = record
                return True
            if replace:
                if _kind(before) != kind:
                    del self._records[_kind(before)][key]
                records[key] = record
        if replace:
            self._account.remove(_kind(before), token_octets(before))
        else:
            self._account.remove(kind, octets)
        return replace

    def _forget(self, kind: Kind, entries: Iterable[tuple[str, TokenRecord]]) -> int:
        """Remove entries and return their octets; the caller has the lock."""
        freed = 0
        for key, record in entries:
            del self._records[kind][key]
            freed += token_octets(record)
        return freed


def _kind(record: TokenRecord) -> Kind:
    return REFRESH_TOKENS if record.is_refresh_token else ACCESS_TOKENS
