"""The basis of a requirement in words: the sentence, where it stands, and whom it binds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from oauth_gauntlet.model import Basis, BasisKind, Binds
from oauth_gauntlet_reports.evidence.sources import place_url

_REASONS = {BasisKind.PRACTICE: "Practice", BasisKind.DAMAGE: "What is lost"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """A basis in words.

    `words` is the sentence; `quoted` tells whether a document says it so. `place` is where it stands, or what kind of
    reason it is; `url` is the link to the place, or None; `binds` names whom it binds, or is empty.
    """

    words: str
    quoted: bool
    place: str
    binds: str
    url: str | None

    @property
    def origin(self) -> str:
        """Where it stands and whom it binds: ``RFC 6749 2.3, binds the client``."""
        return f"{self.place}, {self.binds}" if self.binds else self.place

    @property
    def line(self) -> str:
        """The basis in one line: ``RFC 6749 2.3, binds the client: "The client MUST NOT ..."``."""
        return f'{self.origin}: "{self.words}"' if self.quoted else f"{self.origin}: {self.words}"


def quotations(basis: Iterable[Basis]) -> tuple[Quotation, ...]:
    """Return each basis that has a sentence, in words."""
    return tuple(_quotation(each) for each in basis if each.sentence)


def basis_lines(basis: Iterable[Basis]) -> tuple[str, ...]:
    """Return each basis in one line of plain text."""
    return tuple(each.line for each in quotations(basis))


def places(basis: Iterable[Basis]) -> str:
    """Return where the sentences stand in one short line; of practice and damage, what kind of reason it is."""
    found = quotations(basis)
    return ", ".join(dict.fromkeys(each.place for each in found if each.quoted) or dict.fromkeys(each.place for each in found))


# Many results of a run have the same requirement.
@lru_cache(maxsize=4096)
def _quotation(basis: Basis) -> Quotation:
    quoted = basis.kind not in _REASONS
    return Quotation(
        words=basis.sentence,
        quoted=quoted,
        place=basis.place if quoted else _REASONS[basis.kind],
        binds="" if basis.binds is Binds.NOBODY else f"binds the {basis.binds}",
        url=place_url(basis.document, basis.section),
    )
