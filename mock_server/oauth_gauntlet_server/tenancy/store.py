"""Store values by key, bounded and thread-safe: the memory of a tenant.

The interface `Store` is small, so that another backend can implement it. Values are immutable, so a store
returns them without a copy. A full store deletes its oldest entry; so the memory of a server that runs for
weeks does not grow.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

V = TypeVar("V")


class Store(Protocol[V]):
    """The operations of a store. Every operation is atomic."""

    def get(self, key: str) -> V | None:
        """Return the value, or None."""

    def put(self, key: str, value: V) -> None:
        """Set the value; a full store deletes its oldest entry."""

    def put_if_absent(self, key: str, value: V) -> bool:
        """Set the value if the key is absent; return whether it was set."""

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
