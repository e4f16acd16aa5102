"""The matrix of several clients as one self-contained page; a category opens to its requirements, those to the evidence."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.headline import headline
from oauth_gauntlet_reports.html_report import assets, environment
from oauth_gauntlet_reports.matrix import matrix


def matrix_html(runs: Sequence[Run]) -> str:
    """Return the page."""
    template = environment().get_template("matrix.html.j2")
    return template.render(**assets("report.css", "page.js"), matrix=matrix(runs), headlines=[headline(run) for run in runs])
