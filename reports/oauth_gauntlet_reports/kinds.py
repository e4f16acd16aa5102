"""The table of report kinds: each name with the function that renders it.

The module of a kind is imported when the kind is rendered: most runs write none, and the templates of HTML take longer to
load than all other modules of a run together.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from oauth_gauntlet.model import Run
from oauth_gauntlet_reports.evidence.bounded import bounded

if TYPE_CHECKING:
    from oauth_gauntlet_reports.comparing.matrix import Matrix


def _renderer(place: str) -> Callable[..., str]:
    """Return the function at "module:name" below this package, imported when it is called."""
    module, _, name = place.partition(":")

    def render(*rendered: object) -> str:
        function: Callable[..., str] = getattr(importlib.import_module(f"oauth_gauntlet_reports.{module}"), name)
        return function(*rendered)

    return render


def _bounded(place: str) -> Callable[[Run], str]:
    """Return the report of a run at this place, without long texts."""
    report = _renderer(place)
    return lambda run: report(bounded(run))


REPORT_KINDS: dict[str, Callable[[Run], str]] = {
    "json": _renderer("formats.json_report:json_report"),
    "junit": _bounded("formats.junit:junit_report"),
    "html": _bounded("formats.html_report:html_report"),
    "markdown": _bounded("formats.markdown:markdown_report"),
    "github": _bounded("formats.github:github_report"),
    "sarif": _bounded("formats.sarif:sarif_report"),
    "badge": _bounded("formats.badge:badge_report"),
}
"""Reports of one run, by the KIND in ``--report KIND=PATH``."""

COMPARISON_KINDS: dict[str, Callable[[Run, Run], str]] = {
    "html": _renderer("comparing.comparison_html:comparison_html"),
    "markdown": _renderer("comparing.comparison_markdown:comparison_markdown"),
}
"""Reports of two runs of one client, before and after a change."""

MATRIX_KINDS: dict[str, Callable[[Matrix], str]] = {
    "html": _renderer("comparing.matrix_html:matrix_html"),
    "markdown": _renderer("comparing.matrix_markdown:matrix_markdown"),
    "findings": _renderer("comparing.findings_markdown:findings_markdown"),
}
"""Reports of runs of several clients; `findings` lists the findings checked by hand, as Markdown."""
