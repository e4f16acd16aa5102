"""Compare the quotations in the requirements with the texts of the specifications, and keep the paragraphs they stand in.

The texts themselves are not in the repository. `tests/scenarios/excerpts/` has the paragraphs that requirements quote, so that
a test can compare each quotation without them (``tests/scenarios/test_quotations.py``).

    python -m docs.quotations FOLDER               # FOLDER: rfc6749.txt, rfc9110.txt, ...; check all, write the excerpts
    python -m docs.quotations FOLDER parse auth    # check these categories only, and write nothing

A sentence is compared without regard to line breaks. The exit code is 1 if a quotation is not in its section.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from oauth_gauntlet.model import Basis, BasisKind
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.requirement_sets import requirement_sets

EXCERPTS = Path(__file__).parents[1] / "tests" / "scenarios" / "excerpts"

QUOTED = {BasisKind.NORMATIVE, BasisKind.RULE}

_HEADING = re.compile(r"(?:Appendix )?(?P<section>(?:[A-Z]|\d+)(?:\.\d+)*)\.?  ?\S")
_PAGE_BREAK = re.compile(r"\n*[^\n]*\[Page \d+\]\n\f?\n?[^\n]*\n")
_MARKDOWN_HEADING = re.compile(r"(?P<marks>#+) ")
_SECTION_OF_EXCERPT = re.compile(r"^## (\S+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotation:
    """A quoted sentence, with the id of the requirement (or the name of the set) that quotes it."""

    by: str
    basis: Basis


def quotations(categories: Iterable[str] = ()) -> tuple[Quotation, ...]:
    """Return every quotation of the catalogue and of the sets; with `categories` only those of these categories."""
    wanted = set(categories)
    found = [
        Quotation(by=scenario.requirement.id, basis=basis)
        for scenario in scenarios()
        if not wanted or scenario.requirement.category in wanted
        for basis in scenario.requirement.basis
    ]
    for each in requirement_sets().values():
        for requirement_id, (_, basis) in each.raised.items():
            found.append(Quotation(by=f"{requirement_id} (set {each.name})", basis=basis))
    return tuple(each for each in found if each.basis.kind in QUOTED)


def file_name(document: str) -> str:
    """Return the name of a document's excerpts: ``rfc6749.txt`` for ``RFC 6749``."""
    return f"{document.lower().replace(' ', '')}.txt"


def joined(text: str) -> str:
    """Return a text in one line, with single spaces; a word that is broken at its hyphen becomes one word again."""
    return " ".join(re.sub(r"(?<=\w)-\n\s*(?=\w)", "-", text).split())


def sections(text: str, *, markdown: bool = False) -> dict[str, str]:
    """Return the paragraphs of each section of a specification, by the section's number.

    Headings of Markdown have no numbers; they are counted, as the rendered document does.
    """
    lines = _markdown_numbered(text) if markdown else _numbered(_PAGE_BREAK.sub("\n\f", text))
    found: dict[str, list[str]] = {}
    for section, line in lines:
        found.setdefault(section, []).append(line)
    # A page break within a paragraph leaves a form feed between its halves.
    return {section: re.sub(r"\n*\f\n*", "\n", "\n".join(content)) for section, content in found.items()}


def _numbered(text: str) -> Iterator[tuple[str, str]]:
    section = ""
    for line in text.split("\n"):
        heading = _HEADING.match(line)
        if heading is not None:
            section = heading["section"]
        yield section, line


def _markdown_numbered(text: str) -> Iterator[tuple[str, str]]:
    counts: list[int] = []
    letter = False
    for line in text.split("\n"):
        if line == "--- back":
            counts, letter = [], True
        heading = _MARKDOWN_HEADING.match(line)
        if heading is not None:
            depth = len(heading["marks"])
            counts = [
                *counts[: depth - 1],
                *([0] * (depth - 1 - len(counts))),
                (counts[depth - 1] if len(counts) >= depth else 0) + 1,
            ]
        yield ".".join(_spelled(count, letter=letter and place == 0) for place, count in enumerate(counts)), line


def _spelled(count: int, *, letter: bool) -> str:
    return chr(ord("A") + count - 1) if letter else str(count)


def paragraphs_around(section: str, sentence: str) -> str | None:
    """Return the paragraphs of a section that contain a sentence, or None if it does not contain it."""
    wanted = joined(sentence)
    paragraphs = [joined(each) for each in re.split(r"\n\s*\n", section) if each.strip()]
    for length in range(1, 4):
        for start in range(len(paragraphs) - length + 1):
            if wanted in " ".join(paragraphs[start : start + length]):
                return "\n\n".join(paragraphs[start : start + length])
    return None


def excerpts(folder: Path = EXCERPTS) -> dict[str, dict[str, str]]:
    """Return the kept paragraphs: name of the file, section, text in one line."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.glob("*.txt")):
        parts = _SECTION_OF_EXCERPT.split(path.read_text(encoding="utf-8"))
        found[path.name] = {section: joined(text) for section, text in zip(parts[1::2], parts[2::2], strict=True)}
    return found


def texts(folder: Path) -> dict[str, dict[str, str]]:
    """Return the sections of every specification in a folder, by the name of its excerpts."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(folder.iterdir()):
        if path.suffix not in {".txt", ".md"}:
            continue
        # A draft's file has its number behind the name of the document: rfc9700-draft-29-2024-06.md.
        name = f"{path.stem.partition('-')[0] if path.stem.startswith('rfc') else path.stem}.txt"
        name = {"oauth21.txt": "oauth2.1.txt"}.get(name, name)
        found[name] = sections(path.read_text(encoding="utf-8"), markdown=path.suffix == ".md")
    return found


def problem(quotation: Quotation, known: dict[str, dict[str, str]]) -> str | None:
    """Return why a quotation is not in its place, or None if it is there."""
    basis = quotation.basis
    document = known.get(file_name(basis.document))
    if document is None:
        return f"{quotation.by}: there is no text of {basis.document!r}; use practice(...) for a document that is not at hand"
    if paragraphs_around(document.get(basis.section, ""), basis.sentence) is not None:
        return None
    places = [section for section, text in document.items() if paragraphs_around(text, basis.sentence) is not None]
    hint = f"it is in {', '.join(places)}" if places else "it is nowhere in that document"
    return f"{quotation.by}: {basis.place} does not contain {basis.sentence!r}; {hint}"


def _write(found: Iterable[Quotation], known: dict[str, dict[str, str]]) -> None:
    kept: dict[str, dict[str, list[str]]] = {}
    for each in found:
        paragraphs = paragraphs_around(known[file_name(each.basis.document)][each.basis.section], each.basis.sentence)
        assert paragraphs is not None
        content = kept.setdefault(file_name(each.basis.document), {}).setdefault(each.basis.section, [])
        content += [paragraph for paragraph in paragraphs.split("\n\n") if paragraph not in content]
    EXCERPTS.mkdir(exist_ok=True)
    for path in EXCERPTS.glob("*.txt"):
        path.unlink()
    for name, by_section in sorted(kept.items()):
        lines = ["Paragraphs that requirements quote. Written by `python -m docs.quotations`.", ""]
        for section, content in sorted(by_section.items(), key=lambda item: _order(item[0])):
            lines += [f"## {section}", "", *"\n\n".join(content).split("\n"), ""]
        (EXCERPTS / name).write_text("\n".join(lines), encoding="utf-8")


def _order(section: str) -> list[tuple[bool, int, str]]:
    return [(not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in section.split(".")]


def main(arguments: list[str] | None = None) -> int:
    """Check quotations against the texts, and write the excerpts; return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="folder with the texts of the specifications")
    parser.add_argument("category", nargs="*", help="check these categories only, and write nothing")
    options = parser.parse_args(arguments)
    known = texts(options.folder)
    found = quotations(options.category)
    problems = list(filter(None, (problem(each, known) for each in found)))
    for line in problems:
        print(line)
    if not problems and not options.category:
        _write(found, known)
    print(f"{len(found)} quotations, {len(problems)} not in their place")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
