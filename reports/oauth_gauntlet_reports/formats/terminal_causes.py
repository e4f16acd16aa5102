"""Prints the worst causes of a run, each in a line, with the command that repeats it: the end of what `run` prints."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from oauth_gauntlet.model import Cause, Run, causes, number, root_causes
from oauth_gauntlet_reports.formats.terminal import STYLES
from oauth_gauntlet_reports.formats.terminal_text import print_line, shown

MOST_CAUSES = 5
"""Maximum number of causes."""

_MOST_SEEN = 160
"""Maximum number of characters of what was seen."""


def render_causes(run: Run, console: Console) -> None:
    """Print the worst causes that the baseline does not know, and how many there are."""
    found = [cause for cause in root_causes(causes(run.results)) if not cause.known]
    if not found:
        return
    listed = found[:MOST_CAUSES]
    shortened = len(listed) < len(found)
    words = f"the {len(listed)} worst of {len(found)} causes" if shortened else number(len(found), "cause")
    print_line(console, f"{words}, the worst first:" if len(found) > 1 and not shortened else f"{words}:", style="bold")
    for place, cause in enumerate(listed, start=1):
        verdict = Text(f"{cause.verdict}", style=STYLES[cause.verdict])
        what = f" {shown(cause.id, 200)}: {shown(cause.worst.statement, 400)} {_details(cause)}"
        line = Text.assemble(f"{place}. ", verdict, what)
        print_line(console, line, indent=2)
        if cause.worst.reproduce:
            print_line(console, shown(cause.worst.reproduce), indent=5)


def _details(cause: Cause) -> str:
    worst = cause.worst
    seen = worst.findings[0].seen if worst.findings else worst.message
    words = [f"the client {cause.damage.words}"] if cause.damage is not None else []
    words.append(number(len(cause.shown_in), "scenario"))
    if cause.alike:
        words.append(f"{len(cause.alike)} more with the same cause")
    if cause.consequences:
        words.append(number(len(cause.consequences), "consequence"))
    return f"Seen: {shown(seen, _MOST_SEEN)} ({', '.join(words)})"
