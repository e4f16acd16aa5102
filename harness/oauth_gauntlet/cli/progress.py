"""Show the progress of a run at a terminal: each failure when it happens, and below a line for each category."""

from __future__ import annotations

from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet_reports.formats.terminal import STYLES

_SILENT = {Verdict.PASS, Verdict.NOT_APPLICABLE, Verdict.CONSEQUENCE}
"""Verdicts that are counted, but not printed one by one."""

_LINES_OF_OTHERS = 3
"""The bar, a blank line, and a line for the prompt."""


class LiveProgress:
    """Draws at a terminal only. Output to a file or a pipe contains just the summary."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._shown = console.is_terminal and not quiet
        self._counts: dict[str, Counter[Verdict]] = {}
        self._bar = Progress(
            TextColumn("{task.description:<28.28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=console
        )
        self._task = self._bar.add_task("collecting", total=None)
        self._live = Live(console=console, get_renderable=self._picture, transient=True, refresh_per_second=8)

    def __enter__(self) -> Self:
        if self._shown:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        if self._shown:
            self._live.stop()

    def update(self, document: JSONObject) -> None:
        """Show a line of the results stream."""
        if not self._shown:
            return
        if document["type"] == "plan":
            self._bar.update(self._task, total=document["total"])
        elif document["type"] == "result":
            verdict, scenario = Verdict(document["verdict"]), str(document["scenario"])
            self._counts.setdefault(scenario.partition(".")[0], Counter())[verdict] += 1
            self._bar.update(self._task, advance=1, description=str(document["id"]))
            if verdict not in _SILENT:
                self._console.print(Text.assemble((f"{verdict:<10} ", STYLES[verdict]), scenario))

    def _picture(self) -> RenderableType:
        lines = Table.grid(padding=(0, 2))
        # If there are more categories than lines, show the latest: they are the ones that change.
        fitting = max(self._console.height - _LINES_OF_OTHERS, 1)
        for category, counts in list(self._counts.items())[-fitting:]:
            texts = (Text(f"{count} {verdict}", style=STYLES[verdict]) for verdict in Verdict if (count := counts[verdict]))
            lines.add_row(category, Text(", ").join(texts))
        return Group(lines, self._bar)
