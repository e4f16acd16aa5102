"""Renders the comparison of two runs as one self-contained HTML page."""

from __future__ import annotations

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.comparison import TITLES, ChangeKind, compare
from oauth_gauntlet_reports.formats.html_report import assets, environment

_EXPLANATIONS = {
    ChangeKind.NEW: "The change may have caused these: look here first.",
    ChangeKind.FIXED: "Findings before; none, or less severe ones, now.",
    ChangeKind.CHANGED: "Findings in both runs, with different messages.",
    ChangeKind.FOLLOWING: "They fail only because another requirement is not met: look at that one.",
    ChangeKind.UNTESTED: "A verdict before, none now: neither fixed nor new.",
    ChangeKind.TESTED: "No verdict before.",
}


def comparison_html(before: Run, after: Run) -> str:
    """Return the page."""
    compared = compare(before, after)
    sections = [
        (kind, title, _EXPLANATIONS[kind], len(compared.of(kind)), compared.by_requirement(kind))
        for kind, title in TITLES.items()
        if compared.of(kind)
    ]
    template = environment().get_template("comparison.html.j2")
    return template.render(**assets("report.css", "page.js"), compared=compared, sections=sections)
