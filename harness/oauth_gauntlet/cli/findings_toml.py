"""Read findings.toml: the findings of a client's runs that a person has checked by hand.

    [[finding]]
    requirement = "http.downgrade"
    does = "A redirect is followed from https to plain http."
    wire = "> POST https://...; < 307 Location: http://...; > POST http://..."
    source = "RFC 6749 3.2: the token endpoint is reached over TLS"
    nature = "defect"                      # or "design choice", or "documented"
    upstream = "https://example.org/issues/1"   # or "none found (searched ..., 2026-11-24)"

The results ``LANGUAGE/NAME.jsonl`` belong to ``LANGUAGE/NAME/findings.toml`` in the folder of the clients. Results
``NAME.jsonl`` in any other folder belong to the client NAME of any language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import Unreadable, read_text
from oauth_gauntlet.files.toml_entries import entries_of, require_known_keys, required_texts
from oauth_gauntlet.reading import JSON, Malformed, as_choice, shown
from oauth_gauntlet_reports.comparing.checked import CheckedFinding, Nature
from oauth_gauntlet_reports.comparing.matrix import Matrix

FILE = "findings.toml"

_KEYS = tuple(each.name for each in fields(CheckedFinding))


class FindingsError(UsageError):
    """A findings.toml is wrong. The text names the file, the entry and the key."""


def findings_of(results: Path, folder: Path) -> tuple[CheckedFinding, ...]:
    """Return the checked findings of the client that a results file belongs to. `folder` is the folder of the clients.

    Raises:
        FindingsError: there is no such folder, several clients have this name, or the file is wrong.
    """
    if not folder.is_dir():
        raise FindingsError(f"--findings {folder}: there is no such folder; give the one that contains LANGUAGE/NAME/{FILE}")
    name = results.name.partition(".")[0]
    client = folder / results.resolve().parent.name / name
    found = [client / FILE] if client.is_dir() else sorted(folder.glob(f"*/{_literal(name)}/{FILE}"))
    if len(found) > 1:
        paths = ", ".join(str(path) for path in found)
        raise FindingsError(
            f"{results}: several clients are called {name} ({paths}); keep the results as LANGUAGE/{name}.jsonl"
        )
    return load_findings(found[0]) if found and found[0].exists() else ()


def stale_entries(matrix: Matrix) -> list[str]:
    """Return one message per stale entry (the run does not confirm it)."""
    return [
        f"{client.label}: {FILE} has an entry {entry.requirement}, but this requirement passes now, fails only as a "
        "consequence of another one, or belongs to a profile; remove the entry"
        for client in matrix.clients
        for entry in client.stale
    ]


def load_findings(path: Path) -> tuple[CheckedFinding, ...]:
    """Read a findings.toml.

    Raises:
        FindingsError: the file cannot be read, or it is wrong.
    """
    try:
        text = read_text(path)
    except Unreadable as error:
        raise FindingsError(f"{path}: cannot be read: {error}") from error
    return parse_findings(text, str(path))


def parse_findings(text: str, name: str) -> tuple[CheckedFinding, ...]:
    """Return the entries of a findings.toml. Error messages call the file `name`.

    Raises:
        FindingsError: the text is not TOML, or an entry is wrong.
    """
    try:
        entries = entries_of(text, "finding")
    except Malformed as error:
        raise FindingsError(f"{name}: {error}") from error
    parsed: dict[str, CheckedFinding] = {}
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, entry {number} (requirement {shown(entry.get('requirement'))})"
        try:
            finding = _finding(entry)
        except Malformed as error:
            raise FindingsError(f"{where}: {error}") from error
        if finding.requirement in parsed:
            raise FindingsError(f"{where}: a second entry for this requirement; write one entry for each requirement")
        parsed[finding.requirement] = finding
    return tuple(parsed.values())


def _finding(entry: Mapping[str, JSON]) -> CheckedFinding:
    require_known_keys(entry, _KEYS)
    texts = required_texts(entry, _KEYS)
    nature = as_choice(Nature, texts.pop("nature"), "nature")
    return CheckedFinding(nature=nature, **texts)


def _literal(name: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in name)
