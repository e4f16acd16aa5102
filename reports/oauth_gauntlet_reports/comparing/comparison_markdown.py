"""Renders the comparison of two runs as Markdown, for a merge request."""

from __future__ import annotations

from oauth_gauntlet.model import FINDINGS, Result, Run, Verdict
from oauth_gauntlet_reports.comparing.comparison import TITLES, Change, ChangeKind, Comparison, compare
from oauth_gauntlet_reports.formats.markdown import MARKS, quoted
from oauth_gauntlet_reports.formats.markdown_text import code, cut, plain

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
    return "\n".join([*lines, *_bases(compared)])


def _bases(compared: Comparison) -> list[str]:
    """Return what the requirements of the changed findings rest on."""
    results = {change.result.id: change.result for change in compared.changes if change.result.verdict in FINDINGS}
    lines = [
        line for name, result in results.items() for line in (f"{code(name)}: {plain(result.statement)}", "", *quoted(result))
    ]
    return ["### What the findings rest on", "", *lines] if lines else []


def _row(change: Change) -> str:
    result = change.result
    seen = result.findings[0].seen if result.findings else result.message
    if change.kind is ChangeKind.FOLLOWING:
        seen = f"follows from {result.follows_from}"
    cells = [_verdict(change.before), _verdict(change.after), code(change.scenario), plain(result.statement)]
    return f"| {' | '.join([*cells, code(cut(seen)) if seen else ''])} |"


def _verdict(result: Result | None) -> str:
    verdict = Verdict.NOT_APPLICABLE if result is None else result.verdict
    return f"{MARKS[verdict]} {'absent' if result is None else plain(str(verdict))}"
