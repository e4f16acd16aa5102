"""Write every generated page, table and file of the repository: ``make generate``.

Each target is a path and a pure function that returns its text, so that one test can compare all of them with what is
committed (``tests/test_generated.py``). A target is a whole file, or a block of a hand-written file between two marks:

    <!-- begin generated: coverage -->
    <!-- end generated: coverage -->

    python -m docs.generate            # judge new bugs and new scenarios, then write what changed
    python -m docs.generate --check    # write nothing; exit code 1 if something would change
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docs import api_reference, vendor_page
from tests.selftest import bugs, freedoms, kill_page, kills, new_kills

from oauth_gauntlet.cli.requirements_page import coverage_table, requirements_page
from oauth_gauntlet.schemas import schemas, spelled
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_server import connection_faults
from oauth_gauntlet_server.commands.faults import markdown
from oauth_gauntlet_server.control.fault_description import describe
from oauth_gauntlet_server.control.openapi import openapi
from oauth_gauntlet_server.faults import PRESETS, all_faults

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A generated file, or with `block` a generated part of a file. `text` returns what belongs there."""

    path: str
    text: Callable[[], str]
    block: str | None = None

    def __str__(self) -> str:
        return self.path if self.block is None else f"{self.path}#{self.block}"

    def wanted(self, current: str) -> str:
        """Return the whole text of the file, given its current text.

        Raises:
            ValueError: the file lacks the marks of the block.
        """
        if self.block is None:
            return self.text()
        begin, end = (f"<!-- {word} generated: {self.block} -->\n" for word in ("begin", "end"))
        before, has_begin, rest = current.partition(begin)
        _, has_end, after = rest.partition(end)
        if not (has_begin and has_end):
            raise ValueError(f"{self.path}: expected the lines {begin.strip()!r} and {end.strip()!r}")
        return f"{before}{begin}{self.text().rstrip()}\n{end}{after}"

    def stale(self) -> str | None:
        """Return the text to write, or None where the file is up to date."""
        file = ROOT / self.path
        current = file.read_text(encoding="utf-8") if file.exists() else ""
        wanted = self.wanted(current)
        return None if wanted == current else wanted


def numbers() -> str:
    """Return the README's table of sizes: nothing that can be counted is written by hand."""
    known = scenarios()
    rows = (
        ("requirements", len(known)),
        ("scenarios (per requirement, grant and variant)", sum(len(scenario.names()) for scenario in known)),
        ("known bugs that the self-test plants, each caught by its exact scenarios", len(bugs.Bug)),
        ("correct variants that no scenario may fail", len(freedoms.Freedom)),
        ("faults, and connection faults at ports", f"{len(all_faults())} + {len(connection_faults.all_connection_faults())}"),
        ("presets: faults with a URL", len(PRESETS)),
    )
    return "\n".join(["| what | count |", "|---|---|", *(f"| {what} | {count} |" for what, count in rows)])


def control_api() -> str:
    """Return the OpenAPI document of the control API, for a server at the default address."""
    return json.dumps(openapi(server="http://127.0.0.1:8080", with_token=False), indent=2) + "\n"


TARGETS = (
    Target(path="docs/requirements.md", text=lambda: requirements_page(scenarios())),
    Target(path="docs/faults.md", text=lambda: markdown(describe())),
    Target(path="docs/vendors.md", text=vendor_page.page),
    Target(path="tests/selftest/kills.toml", text=lambda: kills.dump(kills.in_order(kills.load()))),
    Target(path="docs/kill-matrix.md", text=lambda: kill_page.page(kills.load())),
    Target(path="docs/control-api.openapi.json", text=control_api),
    *(
        Target(path=f"harness/oauth_gauntlet/schemas/{name}", text=lambda schema=schema: spelled(schema))
        for name, schema in schemas().items()
    ),
    Target(path="docs/api.md", text=api_reference.page),
    Target(path="docs/own-scenarios.md", block="arguments", text=api_reference.arguments_table),
    Target(path="README.md", block="coverage", text=lambda: "\n".join(coverage_table(scenarios()))),
    Target(path="README.md", block="numbers", text=numbers),
)


def main() -> int:
    """Write or check all targets; return 1 if `--check` finds an outdated one."""
    parser = argparse.ArgumentParser(prog="python -m docs.generate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 if something would change")
    check = parser.parse_args().check
    if not check:
        for line in new_kills.complete():
            print(line, flush=True)
    changed = 0
    for target in TARGETS:
        text = target.stale()
        if text is None:
            continue
        changed += 1
        print(f"{target}: {'out of date' if check else 'written'}")
        if not check:
            (ROOT / target.path).write_text(text, encoding="utf-8")
    if check and changed:
        print("run: make generate")
    return int(check and bool(changed))


if __name__ == "__main__":
    sys.exit(main())
