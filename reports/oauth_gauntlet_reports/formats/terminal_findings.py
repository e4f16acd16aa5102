"""Prints each finding with its evidence to a terminal, the worst cause first."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from oauth_gauntlet.files.escaping import for_log
from oauth_gauntlet.model import Cause, Result, Run, causes
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import remedy
from oauth_gauntlet_reports.evidence.bounded import answer_text
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.transcript import marked_exchange
from oauth_gauntlet_reports.evidence.wire_text import Line, wire_lines
from oauth_gauntlet_reports.formats.terminal import STYLES
from oauth_gauntlet_reports.formats.terminal_text import MOST_SHOWN, named, print_field, print_line, print_lines, shown, wraps

_MOST_NAMES = 12
"""Maximum number of names in a list of scenarios or requirements."""


def render_findings(run: Run, console: Console, *, verbose: bool = False) -> int:
    """Print findings that the baseline does not know: one per requirement and expectation, or all if `verbose`.

    Returns the number of findings that were printed.
    """
    printed = 0
    for cause in causes(run.results):
        groups: dict[tuple[str, ...], list[Result]] = {}
        for result in cause.findings:
            if result.expected is None:
                key = (result.scenario,) if verbose else (result.verdict, *(each.expected for each in result.findings[:1]))
                groups.setdefault(key, []).append(result)
        for place, results in enumerate(groups.values()):
            render_finding(results[0], console, verbose=verbose)
            if len(results) > 1:
                others = named([result.scenario for result in results[1:]], _MOST_NAMES)
                print_line(console, f"same finding in: {others}", style="dim", indent=2)
            if place == 0:
                render_others(cause, console)
        printed += len(groups)
    return printed


def render_finding(result: Result, console: Console, *, verbose: bool = False) -> None:
    """Print a finding: requirement, basis, expected, seen, wire, answer, and the command that reproduces it.

    If `verbose`, also print the remedy.
    """
    console.print()
    print_line(
        console,
        Text.assemble((str(result.verdict).upper(), STYLES[result.verdict]), "  ", (shown(result.scenario), "bold")),
    )
    print_field(console, "requires", f"{result.statement} (level {result.level})")
    for line in basis_lines(result.basis) or (result.source,):
        print_field(console, "basis", line)
    if result.verdict.against:
        print_field(console, "damage", f"the client {result.whole_damage.words}")
    for finding in result.findings:
        print_field(console, "expected", finding.expected)
        print_field(console, "seen", finding.seen)
    if not result.findings:
        print_field(console, "reason", result.message)
    if result.platform and result.verdict.against:
        print_field(console, "platform", f"{result.platform}: its HTTP stack decides this")
    for note in result.notes:
        print_lines(console, "note", note)
    if result.findings:
        _render_exchange(result, console)
        if result.answer is not None:
            print_field(console, "answer", answer_text(result.answer, MOST_SHOWN))
    if verbose and result.verdict.against:
        _render_advice(result.id, console)
    print_field(console, "reproduce", result.reproduce)


def render_others(cause: Cause, console: Console) -> None:
    """Print which other requirements have the same cause, or follow from it."""
    if cause.root:
        print_line(console, f"same cause as {shown(cause.root)}: {shown(cause.reason)}", style="dim", indent=2)
    if cause.alike:
        names = named([f"{each.id} ({each.verdict})" for each in cause.alike], _MOST_NAMES)
        print_line(console, f"{shown(cause.alike_words)}: {names}", style="dim", indent=2)
    if cause.consequences:
        names = named([each.id for each in cause.consequences], _MOST_NAMES)
        print_line(console, f"{cause.consequence_words}: {names}", style="dim", indent=2)


def _render_advice(requirement_id: str, console: Console) -> None:
    found, peers = remedy(requirement_id), peers_sentence(requirement_id)
    if found is not None:
        print_field(console, "remedy", found.text)
        for each in found.examples:
            print_field(console, "example", f"{each.how} ({each.seen})")
    if peers is not None:
        print_field(console, "others", peers)


def _render_exchange(result: Result, console: Console) -> None:
    if not result.exchanges:
        print_field(console, "wire", "(no exchange)")
        return
    place, mark = marked_exchange(result)
    exchange = result.exchanges[place]
    fault = f", fault {exchange['fault']}" if exchange.get("fault") else ""
    print_field(console, "wire", f"exchange {place + 1} of {len(result.exchanges)}{fault}")
    for line in wire_lines(exchange, mark):
        _render_line(line, console)


def _render_line(line: Line, console: Console) -> None:
    if for_log(line.text) != line.text:  # the log of a CI system would obey it; the marks would be at other places
        line = Line(side=line.side, text=for_log(line.text))
    text = Text(f"{line.side} {line.text}", style="dim" if not line.marks else "")
    for begin, end in line.marks:
        text.stylize("bold red", begin + 2, end + 2)
    # Lines are wrapped here, so that each underline stays below the marked text, also without colours.
    width = max(20, console.width - 4) if wraps(console) else max(1, len(text))
    for start in range(0, max(1, len(text)), width):
        print_line(console, text[start : start + width], indent=4)
        below = _underline(line, start, width)
        if below.strip():
            print_line(console, below, style="bold red", indent=4)


def _underline(line: Line, start: int, width: int) -> str:
    marked = {place + 2 for begin, end in line.marks for place in range(begin, end)}
    return "".join("^" if place in marked else " " for place in range(start, start + width)).rstrip()
