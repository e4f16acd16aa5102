"""Server-sent events (HTML Living Standard §9.2): how one is spelled, and a stream of them that holds a place."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any, Self

from oauth_gauntlet_server.http.wire_plan import ByteStream

MEDIA_TYPE = "text/event-stream"

HEARTBEAT = b":\n\n"
"""A comment: it says nothing, and shows whether anybody is still there."""

NOTHING = b""
"""There is nothing for now (see `Stream` of the wire plan)."""


def event(name: str, document: Any, *, identifier: int | None = None) -> bytes:
    """Return an event with a JSON document; a client that comes back names the last `identifier` that it saw."""
    # ASCII, and no line break in it: whatever the document holds, it is one line of data.
    lines = [f"event: {name}", f"data: {json.dumps(document)}"]
    if identifier is not None:
        lines.insert(0, f"id: {identifier}")
    return ("\n".join(lines) + "\n\n").encode("ascii")


class EventStream(ByteStream):
    """Pieces of events as they come, from a place of which there are only so many; `close` gives it back, once."""

    def __init__(self, pieces: Iterator[bytes], place: threading.Semaphore) -> None:
        self._pieces = pieces
        self._place: threading.Semaphore | None = place
        self._lock = threading.Lock()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Give the place back."""
        with self._lock:
            place, self._place = self._place, None
        if place is not None:
            place.release()
