"""The comparison of two runs as one self-contained page, made as the report of one run is."""

from __future__ import annotations

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.comparison import ChangeKind, compare
from oauth_gauntlet_reports.formats.html_report import assets, environment

_TITLES = {
    ChangeKind.NEW: ("New or graver", "Not so before the change: look here first."),
    ChangeKind.FIXED: ("Fixed or milder", "Findings before, none or milder ones now."),
    ChangeKind.CHANGED: ("Changed", "Findings both times, and not the same."),
    ChangeKind.UNTESTED: ("No longer tested", "Judged before, and not any more: neither mended nor broken."),
    ChangeKind.TESTED: ("Newly tested and passed", "Not judged before."),
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
