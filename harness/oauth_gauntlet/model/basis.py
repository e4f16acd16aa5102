"""The basis of a requirement: the sentence that it rests on, where the sentence stands, and whom it binds.

A maintainer accepts a verdict that quotes the sentence. Therefore a requirement cannot claim more than its basis:

- `quote` repeats the exact words of a document. They are normative (MUST, SHOULD, ...), or a rule of form (`rule`), such
  as an ABNF or an encoding, which everyone follows who sends or reads the element.
- `practice` says what servers or clients do in the field. No document binds anybody.
- `damage` says what is lost when the client deviates, although no sentence forbids it.
- `page` repeats the words of a document that the user chose to follow (a profile).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.protocol import JSON

_MUST = re.compile(r"\b(MUST|SHALL|REQUIRED)\b")
_SHOULD = re.compile(r"\b(SHOULD|RECOMMENDED)\b|\bshould\b")


class Binds(StrEnum):
    """Whom a sentence binds."""

    CLIENT = "client"
    SENDER = "sender"
    RECIPIENT = "recipient"
    USER_AGENT = "user agent"
    SERVER = "server"
    """The authorization server, the resource server, or an HTTP server."""
    NOBODY = "nobody"


class BasisKind(StrEnum):
    """What a basis is."""

    NORMATIVE = "normative"
    """A quoted sentence with a word of RFC 2119, or one that only informs."""
    RULE = "rule"
    """A quoted rule of form: a grammar, an encoding, the meaning of an element."""
    PRACTICE = "practice"
    DAMAGE = "damage"
    PROFILE = "profile"
    """A quoted sentence of a document that the user chose."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Basis:
    """One reason of a requirement. `document` and `section` are empty for practice and damage."""

    kind: BasisKind
    sentence: str
    document: str = ""
    section: str = ""
    binds: Binds = Binds.NOBODY

    @property
    def place(self) -> str:
        """Where the sentence stands, ``RFC 6749 2.3.1``; the kind, if it stands nowhere."""
        return f"{self.document} {self.section}".strip() or str(self.kind)

    @property
    def binds_client(self) -> bool:
        """Whether the sentence binds the client: as such, or as sender, recipient or user agent."""
        return self.binds in {Binds.CLIENT, Binds.SENDER, Binds.RECIPIENT, Binds.USER_AGENT}

    @property
    def obliges(self) -> bool:
        """Whether a client that deviates breaks the document: MUST, SHALL, REQUIRED, or a rule of form."""
        rule = self.kind is BasisKind.RULE
        return self.binds_client and (rule or (self.kind is BasisKind.NORMATIVE and bool(_MUST.search(self.sentence))))

    @property
    def recommends(self) -> bool:
        """Whether the document advises the client: SHOULD, RECOMMENDED, or ``should`` in RFCs that write it small."""
        return self.binds_client and self.kind is BasisKind.NORMATIVE and bool(_SHOULD.search(self.sentence))

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation."""
        return {
            "kind": str(self.kind),
            "document": self.document,
            "section": self.section,
            "sentence": self.sentence,
            "binds": str(self.binds),
        }


def quote(place: str, sentence: str, *, binds: Binds = Binds.CLIENT) -> Basis:
    """Return a basis that quotes a sentence: ``quote("RFC 6749 2.3", "The client MUST NOT use more than ...")``."""
    return _quoted(BasisKind.NORMATIVE, place, sentence, binds)


def rule(place: str, sentence: str, *, binds: Binds = Binds.CLIENT) -> Basis:
    """Return a basis that quotes a rule of form: a grammar, an encoding, the meaning of an element."""
    return _quoted(BasisKind.RULE, place, sentence, binds)


def practice(reason: str) -> Basis:
    """Return a basis of common practice: what goes wrong in the field."""
    return Basis(kind=BasisKind.PRACTICE, sentence=reason)


def damage(loss: str) -> Basis:
    """Return the basis of a hazard: what is given away, mixed up, or taken for a token."""
    return Basis(kind=BasisKind.DAMAGE, sentence=loss)


def page(document: str, sentence: str) -> Basis:
    """Return a basis that quotes a document that the user chose to follow."""
    return Basis(kind=BasisKind.PROFILE, document=document, sentence=sentence, binds=Binds.CLIENT)


def source_of(basis: Iterable[Basis]) -> str:
    """Return the places of a basis in one line: ``RFC 6749 2.3.1, 5.1; RFC 9110 15; practice``."""
    sections: dict[str, list[str]] = {}
    for each in basis:
        found = sections.setdefault(each.document or str(each.kind), [])
        if each.section and each.section not in found:
            found.append(each.section)
    return "; ".join(f"{document} {', '.join(found)}".strip() for document, found in sections.items())


def _quoted(kind: BasisKind, place: str, sentence: str, binds: Binds) -> Basis:
    document, _, section = place.rpartition(" ")
    return Basis(kind=kind, document=document, section=section, sentence=sentence, binds=binds)
