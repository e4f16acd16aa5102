"""The table of report kinds: each name with the function that renders it."""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.comparing.comparison_html import comparison_html
from oauth_gauntlet_reports.comparing.comparison_markdown import comparison_markdown
from oauth_gauntlet_reports.comparing.findings_markdown import findings_markdown
from oauth_gauntlet_reports.comparing.matrix import Matrix
from oauth_gauntlet_reports.comparing.matrix_html import matrix_html
from oauth_gauntlet_reports.comparing.matrix_markdown import matrix_markdown
from oauth_gauntlet_reports.evidence.bounded import bounded
from oauth_gauntlet_reports.formats.badge import badge_report
from oauth_gauntlet_reports.formats.github import github_report
from oauth_gauntlet_reports.formats.html_report import html_report
from oauth_gauntlet_reports.formats.json_report import json_report
from oauth_gauntlet_reports.formats.junit import junit_report
from oauth_gauntlet_reports.formats.markdown import markdown_report
from oauth_gauntlet_reports.formats.sarif import sarif_report


def _bounded(report: Callable[[Run], str]) -> Callable[[Run], str]:
    """Return a report of a run without long texts."""
    return lambda run: report(bounded(run))


REPORT_KINDS: dict[str, Callable[[Run], str]] = {
    "json": json_report,
    "junit": _bounded(junit_report),
    "html": _bounded(html_report),
    "markdown": _bounded(markdown_report),
    "github": _bounded(github_report),
    "sarif": _bounded(sarif_report),
    "badge": _bounded(badge_report),
}
"""Reports of one run, by the KIND in ``--report KIND=PATH``."""

COMPARISON_KINDS: dict[str, Callable[[Run, Run], str]] = {"html": comparison_html, "markdown": comparison_markdown}
"""Reports of two runs of one client, before and after a change."""

MATRIX_KINDS: dict[str, Callable[[Matrix], str]] = {
    "html": matrix_html,
    "markdown": matrix_markdown,
    "findings": findings_markdown,
}
"""Reports of runs of several clients; `findings` lists the findings checked by hand, as Markdown."""
