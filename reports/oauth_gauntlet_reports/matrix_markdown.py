"""The matrix of several clients as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.causes import Cause, Score
from oauth_gauntlet_reports.headline import headline
from oauth_gauntlet_reports.markdown import MARKS, code, plain
from oauth_gauntlet_reports.matrix import matrix


def matrix_markdown(runs: Sequence[Run]) -> str:
    """Return the document: the answers, categories by clients, and the requirements that somebody breaks."""
    made = matrix(runs)
    answers = [headline(run) for run in made.runs]
    head = [f"| {' | '.join(['', *(plain(name) for name in made.clients)])} |", f"|---|{'---|' * len(made.clients)}"]
    lines = [
        f"## {len(made.clients)} clients in the gauntlet",
        "",
        *(f"- {MARKS[each.verdict]} {plain(each.text)}" for each in answers),
    ]
    lines += ["", "### Passed, by category", "", *head]
    lines += [f"| {' | '.join([plain(row.title), *map(_score, row.cells)])} |" for row in made.rows]
    lines += ["", "### Requirements with findings", "", *head]
    for row in made.rows:
        for each in row.requirements:
            name = f"{plain(each.example.statement)} {code(each.example.id)} ({each.example.level})"
            lines.append(f"| {' | '.join([name, *map(_cause, each.cells)])} |")
    return "\n".join([*lines, ""])


def _score(score: Score | None) -> str:
    return f"{score.passed} of {score.tested}" if score is not None and score.tested else ""


def _cause(cause: Cause | None) -> str:
    if cause is None:
        return ""
    return f"{MARKS[cause.verdict]} {len(cause.findings) or ''}".strip()
