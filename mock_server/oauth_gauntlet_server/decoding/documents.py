"""Decode a JSON document: one row for each member, in order, with repeated members kept."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from typing import Any

from oauth_gauntlet_server.decoding.jwts import json_text
from oauth_gauntlet_server.decoding.parts import Part, Row, State
from oauth_gauntlet_server.decoding.visible import visible

MOST_CONTENT = 1024 * 1024
"""Octets of content that are read, after a content coding is undone."""


class _Object(dict[str, Any]):
    """A JSON object that also keeps repeated members, in `pairs`."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs


def json_part(content: bytes, title: str) -> tuple[Part, dict[str, Any]]:
    """Return the part that describes a JSON document, and the document's members (none, unless it is an object)."""
    if len(content) > MOST_CONTENT:
        finding = f"The content has {len(content)} octets; only up to {MOST_CONTENT} octets are decoded."
        return Part(kind="json", title=title, state=State.UNKNOWN, finding=finding), {}
    try:
        document = json.loads(content, object_pairs_hook=_Object)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else visible(str(error), 200)
        return Part(kind="json", title=title, state=State.BAD, finding=f"The content is not JSON: {reason}."), {}
    if not isinstance(document, _Object):
        finding = "The content is JSON, but not an object."
        return Part(kind="json", title=title, rows=(_row("", document),), state=State.BAD, finding=finding), {}
    times = Counter(name for name, _ in document.pairs)
    rows = tuple(_row(name, value, f"{times[name]} times" if times[name] > 1 else "") for name, value in document.pairs)
    return Part(kind="json", title=title, rows=rows), document


def uncoded(content: bytes, coding: str | None) -> bytes | None:
    """Return content without its content coding (RFC 9110 §8.4), or None if the coding is unknown or the content broken.

    Decompression stops one octet after `MOST_CONTENT`, so that a small body cannot fill the memory.
    """
    if coding is None or coding.strip().lower() in {"", "identity"}:
        return content
    if coding.strip().lower() not in {"gzip", "x-gzip", "deflate"}:
        return None
    # 32: zlib detects whether the content is gzip or zlib.
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        unpacked = unpacker.decompress(content, MOST_CONTENT + 1)
    except zlib.error:
        return None
    return unpacked if unpacker.eof or len(unpacked) > MOST_CONTENT else None


def _row(name: str, value: Any, note: str = "") -> Row:
    return Row(name=visible(name, 200), value=visible(json_text(value)), note=note)
