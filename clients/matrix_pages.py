"""Writes the matrix of all judged clients, the checked findings, and the packaged verdicts of peers."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

from oauth_gauntlet.cli.several_runs import write_matrix
from oauth_gauntlet.files.text_files import write_whole
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.stream import read_run
from oauth_gauntlet_reports.advice.peers import peers_of
from oauth_gauntlet_reports.comparing.matrix import Matrix

_PAGES = "\n[The matrix with the evidence](matrix.html) · [the findings checked by hand](findings.md)\n"

# The page and the findings are large and change with each run: they are built, not kept in the repository.
_BUILT = (
    "\n[What a maintainer might dispute, and our answer](disputed.md).\n"
    "\n`make clients` judges these clients again. In `docs/_build/clients/` it writes the matrix with the evidence, "
    "`matrix.html`, and `findings.md`, the findings checked by hand; they are kept in `clients/LANGUAGE/NAME/findings.toml`.\n"
)


def read_run_without_folder(path: Path, folder: Path) -> Run:
    """Read a results file, and remove the name of `folder` wherever an adapter reports a path below it."""
    text = path.read_text(encoding="utf-8").replace(json.dumps(f"{folder}/")[1:-1], "")
    return read_run(io.StringIO(text, newline="\n"), str(path))


def write_pages(matrix: Matrix, folder: Path, missing: Sequence[str]) -> None:
    """Write matrix.html, matrix.md and findings.md; `missing` names the clients that could not be set up."""
    table = folder / "matrix.md"
    write_matrix(matrix, [f"html={folder / 'matrix.html'}", f"markdown={table}", f"findings={folder / 'findings.md'}"])
    _append(table, _PAGES, missing)


def write_published_table(matrix: Matrix, folder: Path, missing: Sequence[str]) -> None:
    """Write README.md, the matrix as it is kept in the repository."""
    write_matrix(matrix, [f"markdown={folder / 'README.md'}"])
    _append(folder / "README.md", _BUILT, missing)


def write_peers(runs: Sequence[Run], file: Path) -> None:
    """Write which clients pass each requirement, one requirement per line.

    Raises:
        ValueError: the runs are not complete runs of different clients by one version of the tool.
    """
    document = peers_of(runs)
    lines = [f'"{key}": {json.dumps(document[key])}' for key in ("date", "version", "clients")]
    for key in ("passed", "failed"):
        inner = ",\n".join(f"  {json.dumps(name)}: {json.dumps(clients)}" for name, clients in document[key].items())
        lines.append(f'"{key}": {{\n{inner}\n}}')
    write_whole(file, "{\n" + ",\n".join(lines) + "\n}\n")


def _append(table: Path, links: str, missing: Sequence[str]) -> None:
    with table.open("a", encoding="utf-8") as file:
        file.write(links)
        if missing:
            file.write(f"\nNot judged, because they could not be set up: {', '.join(missing)}.\n")
