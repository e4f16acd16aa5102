"""Read once what many results of a run have in common, and keep it as one object. Pure.

The results of a requirement have the same basis, and those of a run often the same findings. Reading them for each result
would take half of the time and of the memory.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from typing import Any, TypeVar

from oauth_gauntlet.reading import JSON, each

_T = TypeVar("_T")


class SharedParts:
    """The parts of results that were read so far. The values must be such as `json.loads` returns."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._lists: dict[tuple[str, bytes], tuple[Any, ...]] = {}

    def text(self, text: str) -> str:
        """Return an equal text, always the same object."""
        return self._texts.setdefault(text, text)

    def each(self, value: JSON, path: str, read: Callable[[JSON, str], _T]) -> tuple[_T, ...]:
        """Return what `reading.each` returns, always the same object for the same value.

        Raises:
            Malformed: the value is not a list, or `read` raises it.
        """
        if value == []:
            return ()
        # The octets differ where values are equal, but not the same: 1, 1.0 and true. Version 0 has no references.
        key = path, marshal.dumps(value, 0)
        found: tuple[_T, ...] | None = self._lists.get(key)
        if found is None:
            found = self._lists[key] = each(value, path, read)
        return found
