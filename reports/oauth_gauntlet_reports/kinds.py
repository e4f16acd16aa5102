"""The kinds of report there are: a name, and the function that makes the text of a run."""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.badge import badge_report
from oauth_gauntlet_reports.github import github_report
from oauth_gauntlet_reports.html_report import html_report
from oauth_gauntlet_reports.json_report import json_report
from oauth_gauntlet_reports.junit import junit_report
from oauth_gauntlet_reports.markdown import markdown_report
from oauth_gauntlet_reports.sarif import sarif_report

REPORT_KINDS: dict[str, Callable[[Run], str]] = {
    "json": json_report,
    "junit": junit_report,
    "html": html_report,
    "markdown": markdown_report,
    "github": github_report,
    "sarif": sarif_report,
    "badge": badge_report,
}
"""By the name that ``--report KIND=PATH`` uses."""
