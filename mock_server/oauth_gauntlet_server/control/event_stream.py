"""Write server-sent events (HTML Living Standard §9.2), and limit how many event streams are open."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any, Self

from oauth_gauntlet_server.http.wire_plan import ByteStream

MEDIA_TYPE = "text/event-stream"

HEARTBEAT = b":\n\n"
"""A comment, which clients ignore. Writing it shows whether the client is still connected."""

NOTHING = b""
"""No event at the moment (see `Stream` of the wire plan)."""


def event(name: str, document: Any, *, identifier: int | None = None) -> bytes:
    """Return an event with a JSON document; a client that reconnects sends the last `identifier` that it received."""
    # json.dumps writes ASCII without line breaks, so any document is one line of data.
    lines = [f"event: {name}", f"data: {json.dumps(document)}"]
    if identifier is not None:
        lines.insert(0, f"id: {identifier}")
    return ("\n".join(lines) + "\n\n").encode("ascii")


class EventStream(ByteStream):
    """An iterator of pieces of events. It occupies one place of a semaphore; the first call of `close` releases it."""

    def __init__(self, pieces: Iterator[bytes], place: threading.Semaphore) -> None:
        self._pieces = pieces
        self._place: threading.Semaphore | None = place
        self._lock = threading.Lock()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """Release the place."""
        with self._lock:
            place, self._place = self._place, None
        if place is not None:
            place.release()
