"""Renders the comparison of two runs as Markdown, for a merge request."""

from __future__ import annotations

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet_reports.comparing.comparison import TITLES, Change, compare
from oauth_gauntlet_reports.formats.markdown import MARKS, code, cut, plain

MOST_CHANGES = 100
"""Maximum number of changes listed for each kind."""


def comparison_markdown(before: Run, after: Run) -> str:
    """Return the document."""
    compared = compare(before, after)
    lines = [f"## {MARKS[compared.verdict]} {plain(compared.text)}", ""]
    for kind, title in TITLES.items():
        changes = compared.of(kind)
        if changes:
            lines += [f"### {title}", "", "| before | after | scenario | requirement | seen |", "|---|---|---|---|---|"]
            lines += [_row(change) for change in changes[:MOST_CHANGES]]
            if len(changes) > MOST_CHANGES:
                lines.append(f"\n... and {len(changes) - MOST_CHANGES} more.")
            lines.append("")
    return "\n".join(lines)


def _row(change: Change) -> str:
    result = change.result
    seen = result.findings[0].seen if result.findings else result.message
    cells = [_verdict(change.before), _verdict(change.after), code(change.scenario), plain(result.statement)]
    return f"| {' | '.join([*cells, code(cut(seen)) if seen else ''])} |"


def _verdict(result: Result | None) -> str:
    verdict = Verdict.NOT_APPLICABLE if result is None else result.verdict
    return f"{MARKS[verdict]} {'absent' if result is None else plain(str(verdict))}"
