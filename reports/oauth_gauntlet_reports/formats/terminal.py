"""Prints results to a terminal: a table of verdicts by category, and each finding with its evidence."""

from __future__ import annotations

import json
from collections import Counter

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import SEVERITY, Result, Run, Verdict, number
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import remedy
from oauth_gauntlet_reports.evidence.causes import FINDINGS, causes, client_name, needs
from oauth_gauntlet_reports.evidence.headline import headline
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import Line, wire_lines

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
    Verdict.NOT_APPLICABLE: "n/a",
    Verdict.ERROR: "error",
}

_RARE = {Verdict.DEVIATION, Verdict.CONSEQUENCE}
"""Verdicts that have a column only where there is one."""

_NAME_WIDTH = 10
"""The width of the names of a finding's fields."""


def render_headline(run: Run, console: Console) -> None:
    """Print what the client meets, and a line for each profile that was asked."""
    answer = headline(run)
    console.print(Text(escaped(answer.text), style=STYLES[answer.verdict]))
    for verdict, text in answer.profiles:
        console.print(Text(escaped(text), style=STYLES[verdict]))


def render_summary(run: Run, console: Console) -> None:
    """Print the table of verdicts by category, and why scenarios were not applicable."""
    by_category: dict[str, Counter[Verdict]] = {}
    for result in run.results:
        by_category.setdefault(result.category, Counter())[result.verdict] += 1
    table = Table(title=f"Verdicts of {escaped(client_name(run))}", title_justify="left", show_footer=True)
    table.add_column("category", footer="all")
    totals = Counter(result.verdict for result in run.results)
    columns = {verdict: title for verdict, title in _COLUMNS.items() if verdict not in _RARE or totals[verdict]}
    for verdict, title in columns.items():
        table.add_column(title, justify="right", footer=str(totals[verdict]), footer_style=_style(verdict, totals))
    for category in sorted(by_category):
        counts = by_category[category]
        cells = [Text(str(counts[v]) if counts[v] else "·", style=_style(v, counts)) for v in columns]
        table.add_row(category, *cells)
    console.print(table)
    _render_not_applicable(run, console)
    known = sum(result.expected is not None for result in run.results)
    if known:
        console.print(f"{number(known, 'verdict')} known to the baseline")
    options = run.options
    judged = options.get("set") or {}
    clock = options.get("clock") or ""
    if clock.startswith("none"):
        console.print(f"the client's clock could not be moved: {clock.removeprefix('none: ')}", markup=False)
    elif clock and clock != "the client's own":
        console.print(f"the client's clock was moved by {clock}", markup=False)
    console.print(
        f"{len(run.results)} scenarios in {run.duration_s:.1f} s, set {judged.get('name')} {judged.get('version')}, "
        f"effort {options.get('effort')}, seed {options.get('seed')}"
    )


def render_findings(run: Run, console: Console, *, verbose: bool = False) -> int:
    """Print findings that the baseline does not know: one per requirement and expectation, or all if `verbose`.

    Returns the number of findings that were printed.
    """
    printed = 0
    following = {cause.id: cause for cause in causes(run.results) if cause.consequences}
    for verdict in SEVERITY:
        if verdict not in FINDINGS:
            continue
        groups: dict[tuple[str, ...], list[Result]] = {}
        for result in run.results:
            if result.verdict is verdict and result.expected is None:
                key = (result.scenario,) if verbose else (result.id, *(f.expected for f in result.findings[:1]))
                groups.setdefault(key, []).append(result)
        printed += len(groups)
        for results in groups.values():
            render_finding(results[0], console, verbose=verbose)
            if len(results) > 1:
                others = ", ".join(result.scenario for result in results[1:])
                console.print(Padding(Text(f"same finding in: {others}", style="dim"), (0, 0, 0, 2)))
            cause = following.pop(results[0].id, None)
            if cause is not None:
                names = ", ".join(escaped(each.id) for each in cause.consequences)
                console.print(Padding(Text(f"{cause.consequence_words}: {names}", style="dim"), (0, 0, 0, 2)))
    return printed


def render_finding(result: Result, console: Console, *, verbose: bool = False) -> None:
    """Print a finding: requirement, basis, expected, seen, wire, answer, and the command that reproduces it.

    If `verbose`, also print the remedy.
    """
    console.print()
    console.print(Text.assemble((str(result.verdict).upper(), STYLES[result.verdict]), "  ", (result.scenario, "bold")))
    _field(console, "requires", f"{result.statement} (level {result.level})")
    for line in basis_lines(result.basis) or (result.source,):
        _field(console, "basis", line)
    for finding in result.findings:
        _field(console, "expected", finding.expected)
        _field(console, "seen", finding.seen)
    if not result.findings:
        _field(console, "reason", result.message)
    if result.platform and result.verdict.against:
        _field(console, "platform", f"{result.platform}: its HTTP stack decides this")
    for note in result.notes:
        _field(console, "note", note)
    if result.findings:
        _render_exchange(result, console)
        if result.answer is not None:
            _field(console, "answer", json.dumps(result.answer))
    if verbose and result.verdict.against:
        _render_advice(result.id, console)
    _field(console, "reproduce", result.reproduce)


def _render_advice(requirement_id: str, console: Console) -> None:
    found, peers = remedy(requirement_id), peers_sentence(requirement_id)
    if found is not None:
        _field(console, "remedy", found.text)
        for each in found.examples:
            _field(console, "example", f"{each.how} ({each.seen})")
    if peers is not None:
        _field(console, "others", peers)


def _render_exchange(result: Result, console: Console) -> None:
    if not result.exchanges:
        _field(console, "wire", "(no exchange)")
        return
    place, mark = marked_exchange(result)
    exchange = result.exchanges[place]
    fault = f", fault {exchange['fault']}" if exchange.get("fault") else ""
    _field(console, "wire", f"exchange {place + 1} of {len(result.exchanges)}{fault}")
    for line in wire_lines(exchange, mark):
        _render_line(line, console)


def _render_line(line: Line, console: Console) -> None:
    text = Text(f"{line.side} {line.text}", style="dim" if not line.marks else "")
    for begin, end in line.marks:
        text.stylize("bold red", begin + 2, end + 2)
    # Lines are wrapped here, so that each underline stays below the marked text, also without colours.
    width = max(20, console.width - 4)
    for start in range(0, max(1, len(text)), width):
        console.print(Padding(text[start : start + width], (0, 0, 0, 4)), soft_wrap=False)
        below = _underline(line, start, width)
        if below.strip():
            console.print(Padding(Text(below, style="bold red"), (0, 0, 0, 4)))


def _underline(line: Line, start: int, width: int) -> str:
    marked = {place + 2 for begin, end in line.marks for place in range(begin, end)}
    return "".join("^" if place in marked else " " for place in range(start, start + width)).rstrip()


def _field(console: Console, name: str, value: str) -> None:
    # A grid, so that the lines of a long value stay below each other.
    grid = Table.grid()
    grid.add_column(width=_NAME_WIDTH, no_wrap=True, style="cyan")
    grid.add_column(overflow="fold")
    grid.add_row(name, Text(escaped(value)))
    console.print(Padding(grid, (0, 0, 0, 2)))


def _style(verdict: Verdict, counts: Counter[Verdict]) -> str:
    return STYLES[verdict] if counts[verdict] else "dim"


def _render_not_applicable(run: Run, console: Console) -> None:
    reasons = needs(run)
    if not reasons:
        return
    console.print("not applicable, because of what the adapter declares:")
    for need, count in reasons:
        console.print(Padding(Text(f"{count:>4}  {escaped(need)}"), (0, 0, 0, 2)))
