"""Store values by key, bounded and thread-safe: the memory of a tenant.

The interface `Store` is small, so that another backend can implement it. Values are immutable, so a store
returns them without a copy. A store is bounded, so that the memory of a server that runs for weeks does not grow. A
`MemoryStore` that is full deletes its oldest entry: it is for what can be made again. A `CountedStore` forgets nothing;
what does not fit is refused.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from oauth_gauntlet_server.tenancy.memory import TENANTS, Account, StorageFull

V = TypeVar("V")


class Store(Protocol[V]):
    """The operations of a store. Every operation is atomic."""

    def get(self, key: str) -> V | None:
        """Return the value, or None."""

    def put(self, key: str, value: V) -> None:
        """Set the value.

        Raises:
            StorageFull: the store forgets nothing, and is full.
        """

    def put_if_absent(self, key: str, value: V) -> bool:
        """Set the value if the key is absent; return whether it was set. Raises what `put` raises."""

    def update(self, key: str, change: Callable[[V], V]) -> V | None:
        """Replace the value by `change(value)` and return the new value; return None if the key is absent."""

    def delete(self, key: str) -> V | None:
        """Remove and return the value, or None."""

    def values(self) -> tuple[V, ...]:
        """Return all values, oldest first."""

    def clear(self) -> None:
        """Remove everything."""

    def __len__(self) -> int: ...


class MemoryStore(Generic[V]):
    """A store in the memory of this process, with at most `capacity` entries."""

    def __init__(self, capacity: int) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, got {capacity}")
        self.capacity = capacity
        self._entries: OrderedDict[str, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> V | None:
        """Return the value, or None."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: str, value: V) -> None:
        """Set the value; a replaced one keeps its age."""
        with self._lock:
            self._put(key, value)

    def put_if_absent(self, key: str, value: V) -> bool:
        """Set the value if the key is absent; return whether it was set."""
        with self._lock:
            if key in self._entries:
                return False
            self._put(key, value)
            return True

    def update(self, key: str, change: Callable[[V], V]) -> V | None:
        """Replace the value by `change(value)` and return the new value; return None if the key is absent."""
        with self._lock:
            if key not in self._entries:
                return None
            value = self._entries[key] = change(self._entries[key])
            return value

    def delete(self, key: str) -> V | None:
        """Remove and return the value, or None."""
        with self._lock:
            return self._entries.pop(key, None)

    def values(self) -> tuple[V, ...]:
        """Return all values, oldest first."""
        with self._lock:
            return tuple(self._entries.values())

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._entries.clear()

    def __len__(self) -> int:
        with self._lock:
            return len(self._entries)

    def _put(self, key: str, value: V) -> None:
        self._entries[key] = value
        while len(self._entries) > self.capacity:
            self._entries.popitem(last=False)


class CountedStore(Generic[V]):
    """A store that forgets nothing: at most `most` entries, whose octets count in the account of a tenant.

    `octets_of` returns the octets of an entry, and must return the same again while the entry is stored. `name` says what
    the store contains.
    """

    def __init__(
        self, account: Account, octets_of: Callable[[str, V], int], *, name: str = "entries", most: int | None = None
    ) -> None:
        self._account = account
        self._octets_of = octets_of
        self._name = name
        self._most = most
        self._entries: dict[str, V] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> V | None:
        """Return the value, or None."""
        return self._entries.get(key)

    def put(self, key: str, value: V) -> None:
        """Set the value; a replaced one keeps its age.

        Raises:
            StorageFull: the store has its most entries, or the memory of the server is full.
        """
        self._add(key, value, replace=True)

    def put_if_absent(self, key: str, value: V) -> bool:
        """Set the value if the key is absent; return whether it was set. Raises what `put` raises."""
        return key not in self._entries and self._add(key, value, replace=False)

    def update(self, key: str, change: Callable[[V], V]) -> V | None:
        """Replace the value by `change(value)` and return the new value; return None if the key is absent."""
        with self._lock:
            if key not in self._entries:
                return None
            before = self._entries[key]
            value = self._entries[key] = change(before)
        self._account.remove(TENANTS, self._octets_of(key, before) - self._octets_of(key, value))
        return value

    def delete(self, key: str) -> V | None:
        """Remove and return the value, or None."""
        with self._lock:
            value = self._entries.pop(key, None)
        if value is not None:
            self._account.remove(TENANTS, self._octets_of(key, value))
        return value

    def values(self) -> tuple[V, ...]:
        """Return all values, oldest first."""
        with self._lock:
            return tuple(self._entries.values())

    def clear(self) -> None:
        """Remove everything."""
        self.keep(lambda key, value: False)  # noqa: ARG005

    def keep(self, wanted: Callable[[str, V], bool]) -> None:
        """Remove the entries that are not wanted."""
        with self._lock:
            gone = [(key, value) for key, value in self._entries.items() if not wanted(key, value)]
            for key, _ in gone:
                del self._entries[key]
        self._account.remove(TENANTS, sum(self._octets_of(key, value) for key, value in gone))

    def __len__(self) -> int:
        return len(self._entries)

    def _add(self, key: str, value: V, *, replace: bool) -> bool:
        # Counted before it is stored, without the lock: to make room, the memory may remove entries of this store.
        self._account.add(TENANTS, self._octets_of(key, value))
        unused: V | None = value
        full = False
        with self._lock:
            before = self._entries.get(key)
            if before is None:
                full = self._most is not None and len(self._entries) >= self._most
            if not full and (before is None or replace):
                self._entries[key] = value
                unused = before
        if unused is not None:
            self._account.remove(TENANTS, self._octets_of(key, unused))
        if full:
            raise StorageFull(f"a tenant has at most {self._most} {self._name}; delete one, or use another tenant")
        return before is None or replace
