"""Finds links in text: sections in a requirement's source (``RFC 6749 5.1, Appendix B``), and URLs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

_RFC = re.compile(r"RFC (?P<number>\d{1,5})(?: (?P<section>.+))?")
_SECTION = re.compile(r"(?P<appendix>Appendix )?(?P<place>[A-Z](?:\.\d+)*|\d+(?:\.\d+)*)")
_URL = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?()])")
_SEPARATOR = re.compile(r"([,;] )")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a text; `url` is its link, or None."""

    text: str
    url: str | None = None


def source_parts(source: str) -> tuple[Part, ...]:
    """Return a source in parts; their texts, joined, are the source."""
    parts: list[Part] = []
    rfc: str | None = None
    for text in _SEPARATOR.split(source):
        if _SEPARATOR.fullmatch(text):
            parts.append(Part(text=text))
            continue
        named = _RFC.fullmatch(text)
        if named is not None:
            rfc = named["number"]
        section = named["section"] if named is not None else text
        url = _url(rfc, section) if rfc is not None else None
        if url is None:
            # "connector: issuer, subject": text after a part that is not a section is not of the RFC.
            rfc = None
        parts.append(Part(text=text, url=url))
    return tuple(parts)


def linked_parts(text: str) -> tuple[Part, ...]:
    """Return a text in parts; each http or https URL is one part, without the punctuation after it."""
    parts: list[Part] = []
    for place, piece in enumerate(_URL.split(text)):
        url = web_url(piece) if place % 2 else None
        if piece:
            parts.append(Part(text=piece, url=url))
    return tuple(parts)


def source_url(source: str) -> str | None:
    """Return the first link of a source, or None."""
    return next((part.url for part in source_parts(source) if part.url is not None), None)


def place_url(document: str, section: str) -> str | None:
    """Return the link to a section of an RFC, or None for another document."""
    named = _RFC.fullmatch(document)
    return None if named is None else _url(named["number"], section or None) or _url(named["number"], None)


def web_url(value: object) -> str | None:
    """Return a value that is an absolute http or https URL; None for others, such as ``javascript:...``."""
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or " " in value:
        return None
    try:
        parts = urlsplit(value)
    except ValueError:
        return None
    return value if parts.scheme in {"http", "https"} and parts.hostname else None


def _url(rfc: str, section: str | None) -> str | None:
    page = f"https://www.rfc-editor.org/rfc/rfc{rfc}"
    if section is None:
        return page
    found = _SECTION.fullmatch(section)
    if found is None:
        return None
    kind = "appendix" if found["appendix"] or found["place"][0].isalpha() else "section"
    return f"{page}#{kind}-{found['place']}"
