"""Bounded storage: what a tenant remembers, behind an interface small enough for another backend.

Values are immutable, so that handing one out never needs a copy. The bound is a ring buffer's: what was put in first
goes first, so that a server can run for weeks.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

V = TypeVar("V")


class Store(Protocol[V]):
    """What the mock server asks of a store. Every operation is atomic."""

    def get(self, key: str) -> V | None:
        """Return the value, or None."""

    def put(self, key: str, value: V) -> None:
        """Set the value; the oldest entry makes room when the store is full."""

    def put_if_absent(self, key: str, value: V) -> bool:
        """Set the value unless there is one; say whether it was set."""

    def update(self, key: str, change: Callable[[V], V]) -> V | None:
        """Replace the value by what `change` makes of it; return the new one, or None when there is none."""

    def delete(self, key: str) -> V | None:
        """Remove and return the value, or None."""

    def values(self) -> tuple[V, ...]:
        """Return all values, oldest first."""

    def clear(self) -> None:
        """Remove everything."""

    def __len__(self) -> int: ...


class MemoryStore(Generic[V]):
    """A store in this process's memory, holding at most `capacity` entries."""

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
        """Set the value unless there is one; say whether it was set."""
        with self._lock:
            if key in self._entries:
                return False
            self._put(key, value)
            return True

    def update(self, key: str, change: Callable[[V], V]) -> V | None:
        """Replace the value by what `change` makes of it; return the new one, or None when there is none."""
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
