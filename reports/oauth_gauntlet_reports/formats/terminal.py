"""Prints the headline of a run, the table of verdicts by category, and what was not asked to a terminal."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from oauth_gauntlet.model import Run, Verdict, number
from oauth_gauntlet_reports.evidence.headline import fixed_environment, headline
from oauth_gauntlet_reports.evidence.scores import client_name, needs
from oauth_gauntlet_reports.formats.terminal_text import print_line, print_table, shown

STYLES = {
    Verdict.PASS: "green",
    Verdict.VIOLATION: "bold red",
    Verdict.HAZARD: "bold bright_red",
    Verdict.DEVIATION: "red",
    Verdict.WARNING: "yellow",
    Verdict.UNTESTABLE: "magenta",
    Verdict.CONSEQUENCE: "dim",
    Verdict.NOT_APPLICABLE: "dim",
    Verdict.ERROR: "bold magenta",
}

_COLUMNS = {
    Verdict.PASS: "pass",
    Verdict.VIOLATION: "violation",
    Verdict.HAZARD: "hazard",
    Verdict.DEVIATION: "deviation",
    Verdict.WARNING: "warning",
    Verdict.UNTESTABLE: "untestable",
    Verdict.CONSEQUENCE: "follows",
    Verdict.NOT_APPLICABLE: "not asked",
    Verdict.ERROR: "error",
}

_RARE = {Verdict.DEVIATION, Verdict.CONSEQUENCE}
"""Verdicts that have a column only where there is one."""

_MOST_REASONS = 8
"""Maximum number of reasons why scenarios were not asked."""


def render_headline(run: Run, console: Console) -> None:
    """Print what the client meets, and a line for each profile that was asked."""
    answer = headline(run)
    print_line(console, shown(answer.text), style=STYLES[answer.verdict])
    for verdict, text in answer.profiles:
        print_line(console, shown(text), style=STYLES[verdict])


def render_details(run: Run, console: Console) -> None:
    """Print what the headline leaves out: scenarios without a verdict on the client, and what the baseline knows."""
    for sentence in headline(run).details:
        print_line(console, shown(sentence))


def render_summary(run: Run, console: Console) -> None:
    """Print the table of verdicts by category, and the conditions of the run."""
    by_category: dict[str, Counter[Verdict]] = {}
    for result in run.results:
        by_category.setdefault(result.category, Counter())[result.verdict] += 1
    # The title of a table would be wrapped at its width, also off a terminal.
    print_line(console, f"Verdicts of {shown(client_name(run), 400)}", style="italic")
    table = Table(show_footer=True)
    table.add_column("category", footer="all")
    totals = Counter(result.verdict for result in run.results)
    columns = {verdict: title for verdict, title in _COLUMNS.items() if verdict not in _RARE or totals[verdict]}
    for verdict, title_of in columns.items():
        table.add_column(title_of, justify="right", footer=str(totals[verdict]), footer_style=_style(verdict, totals))
    for category in sorted(by_category):
        counts = by_category[category]
        cells = [Text(str(counts[v]) if counts[v] else "·", style=_style(v, counts)) for v in columns]
        table.add_row(Text(shown(category, 40)), *cells)
    print_table(console, table)
    known = sum(result.expected is not None for result in run.results)
    if known:
        print_line(console, f"{number(known, 'verdict')} known to the baseline")
    options = run.options
    judged = options.get("set") or {}
    clock = options.get("clock") or ""
    if clock.startswith("none"):
        print_line(console, f"the client's clock could not be moved: {shown(clock.removeprefix('none: '))}")
    elif clock and clock != "the client's own":
        print_line(console, f"the client's clock was moved by {shown(clock)}")
    if fixed := fixed_environment(run):
        print_line(console, f"the client's environment: {shown(fixed)}")
    conditions = (
        f"{number(len(run.results), 'scenario')} in {run.duration_s:.1f} s, set {judged.get('name')} {judged.get('version')}, "
        f"effort {options.get('effort')}, seed {options.get('seed')}"
    )
    print_line(console, shown(conditions))


def render_not_asked(run: Run, console: Console) -> None:
    """Print which scenarios were not asked, because the adapter does not declare what they need, or by the options."""
    reasons = needs(run)
    if not reasons:
        return
    total = sum(count for _, count in reasons)
    print_line(console, f"not asked: {number(total, 'scenario')}, by what the adapter declares or the options of the run:")
    for need, count in reasons[:_MOST_REASONS]:
        print_line(console, f"{count:>4}  {shown(need, 200)}", indent=2)
    if len(reasons) > _MOST_REASONS:
        rest = sum(count for _, count in reasons[_MOST_REASONS:])
        print_line(console, f"{rest:>4}  for {number(len(reasons) - _MOST_REASONS, 'other reason')}", indent=2)


def _style(verdict: Verdict, counts: Counter[Verdict]) -> str:
    return STYLES[verdict] if counts[verdict] else "dim"
