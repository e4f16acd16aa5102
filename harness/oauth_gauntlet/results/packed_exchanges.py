"""Keep the exchanges of a result small in memory: as octets, compressed if there are many; a report unpacks them. Pure."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import overload

from oauth_gauntlet.reading import JSON, JSONObject

_LEVEL = 1
"""The fastest compression: exchanges of a client repeat their headers, so the slower ones gain little."""

_LONG = 4096
"""From how many octets on compression is worth its time."""


class PackedExchanges(Sequence[JSONObject]):
    """A sequence of exchanges. It equals each sequence with the same exchanges.

    `marshal` packs and unpacks several times as fast as `json`. Its format depends on the version of Python, so these octets
    never leave the process.
    """

    __slots__ = ("_compressed", "_count", "_octets")

    def __init__(self, exchanges: Sequence[JSONObject]) -> None:
        self._count = len(exchanges)
        values: JSON = tuple(exchanges)
        octets = marshal.dumps(values)
        self._compressed = len(octets) >= _LONG
        self._octets = zlib.compress(octets, _LEVEL) if self._compressed else octets

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> JSONObject: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[JSONObject]: ...

    def __getitem__(self, place: int | slice) -> JSONObject | Sequence[JSONObject]:
        return self._unpacked[place]

    def __iter__(self) -> Iterator[JSONObject]:
        return iter(self._unpacked)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._unpacked == tuple(other)

    def __hash__(self) -> int:
        return hash(self._count)  # equal exchanges may have different octets

    def __repr__(self) -> str:
        return repr(self._unpacked)

    @property
    def _unpacked(self) -> tuple[JSONObject, ...]:
        return _unpacked(self._octets, self._compressed)


@lru_cache(maxsize=4)
def _unpacked(octets: bytes, compressed: bool) -> tuple[JSONObject, ...]:
    """Return the exchanges. A report reads those of one result several times, one result after another."""
    whole = zlib.decompress(octets) if compressed else octets
    exchanges: tuple[JSONObject, ...] = marshal.loads(whole)  # noqa: S302 - this process made these octets
    return exchanges
