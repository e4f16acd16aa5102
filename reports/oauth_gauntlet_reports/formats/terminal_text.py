"""Text for a terminal, or for a file or the log of a CI system: escaped, bounded, and wrapped at a terminal only."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from oauth_gauntlet.files.escaping import for_log
from oauth_gauntlet_reports.evidence.bounded import cut

MOST_SHOWN = 2000
"""Maximum number of characters shown of a text."""

_TABLE_WIDTH = 1000
"""The width that a table may take off a terminal."""

MOST_LINES = 30
"""Maximum number of lines shown of a text that has lines of its own."""

_NAME_WIDTH = 10
"""The width of the names of a finding's fields."""


def shown(text: str, most: int = MOST_SHOWN) -> str:
    """Return a text from a client, a server or a file as it may be printed."""
    return for_log(cut(text, most))


def wraps(console: Console) -> bool:
    """Return whether lines are wrapped: only at a terminal. A line of a file can be copied and searched."""
    return console.file.isatty()


def print_line(console: Console, text: str | Text, *, style: str = "", indent: int = 0) -> None:
    """Print one line; at a terminal, its continuation lines have the same indent. Text that is a str is shown as it is."""
    line = Text(text, style=style) if isinstance(text, str) else text
    if wraps(console):
        console.print(Padding(line, (0, 0, 0, indent), expand=False), highlight=False)
    else:
        console.print(Text(" " * indent).append_text(line), soft_wrap=True, highlight=False)


def print_table(console: Console, table: Table) -> None:
    """Print a table. Off a terminal it is as wide as it needs: each row is one line, and nothing is cut."""
    if not wraps(console):
        # The width of `print` would be bounded by the console's.
        table.width = console.measure(table, options=console.options.update(width=_TABLE_WIDTH)).maximum
    console.print(table, crop=wraps(console))


def print_field(console: Console, name: str, value: str) -> None:
    """Print a field of a finding: its name and its value, escaped and bounded."""
    text = shown(value)
    if not wraps(console):
        print_line(console, Text.assemble((f"{name:<{_NAME_WIDTH}}", "cyan"), text), indent=2)
        return
    # A grid, so that the lines of a long value stay below each other.
    grid = Table.grid()
    grid.add_column(width=_NAME_WIDTH, no_wrap=True, style="cyan")
    grid.add_column(overflow="fold")
    grid.add_row(name, Text(text))
    console.print(Padding(grid, (0, 0, 0, 2)))


def print_lines(console: Console, name: str, value: str) -> None:
    """Print a field whose value has lines of its own, such as the trace of an exception, each escaped and below the other."""
    lines = cut(value, MOST_SHOWN).split("\n")
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"... ({len(lines) - MOST_LINES} more lines)"]
    for line in lines:
        print_field(console, name, line)
        name = ""


def named(names: list[str], most: int) -> str:
    """Return names in one text, at most so many: ``a, b and 3 more``."""
    listed = ", ".join(shown(name, 200) for name in names[:most])
    return f"{listed} and {len(names) - most} more" if len(names) > most else listed
