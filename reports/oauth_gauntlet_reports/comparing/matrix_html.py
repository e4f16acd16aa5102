"""Renders the matrix of several clients as one self-contained HTML page with the evidence."""

from __future__ import annotations

from oauth_gauntlet.model import SEVERITY, Result, Verdict
from oauth_gauntlet_reports.comparing.matrix import Matrix
from oauth_gauntlet_reports.evidence.scores import LEVELS
from oauth_gauntlet_reports.evidence.transcript import Transcript, decisive
from oauth_gauntlet_reports.formats.html_report import assets, environment

_MOST_PIECE = 500
"""Maximum number of characters shown of a piece of an exchange: a page may contain thousands of exchanges."""


def matrix_html(matrix: Matrix) -> str:
    """Return the page, with one exchange per client and requirement; the results files contain the others."""
    judged = [cause for client in matrix.clients for each in client.causes.values() for cause in each]
    template = environment().get_template("matrix.html.j2")
    return template.render(
        **assets("report.css", "page.js", "view.js", "matrix.js"),
        matrix=matrix,
        levels=[level for level in LEVELS if any(cause.worst.level is level for cause in judged)],
        # A consequence is shown at its cause, so there is nothing to filter by it.
        verdicts=[
            each for each in SEVERITY if each is not Verdict.CONSEQUENCE and any(cause.verdict is each for cause in judged)
        ],
        following=any(cause.verdict is Verdict.CONSEQUENCE for cause in judged),
        is_checked=any(client.checked for client in matrix.clients),
        evidence=_evidence,
    )


def _evidence(result: Result) -> Transcript | None:
    return decisive(result, _MOST_PIECE)
