"""Renders the comparison of two runs as one self-contained HTML page."""

from __future__ import annotations

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.comparison import ChangeKind, compare
from oauth_gauntlet_reports.formats.html_report import assets, environment

_TITLES = {
    ChangeKind.NEW: ("New or worse", "The change may have caused these: look here first."),
    ChangeKind.FIXED: ("Fixed or less severe", "Findings before; none, or less severe ones, now."),
    ChangeKind.CHANGED: ("Changed", "Findings in both runs, with different messages."),
    ChangeKind.UNTESTED: ("No longer tested", "A verdict before, none now: neither fixed nor new."),
    ChangeKind.TESTED: ("Newly tested and passed", "No verdict before."),
}


def comparison_html(before: Run, after: Run) -> str:
    """Return the page."""
    compared = compare(before, after)
    sections = [
        (kind, *titles, len(compared.of(kind)), compared.by_requirement(kind))
        for kind, titles in _TITLES.items()
        if compared.of(kind)
    ]
    template = environment().get_template("comparison.html.j2")
    return template.render(**assets("report.css", "page.js"), compared=compared, sections=sections)
