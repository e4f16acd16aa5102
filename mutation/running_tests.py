"""How pytest runs here: fast, without output, and the same way for each mutant."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import Phase, settings

OPTIONS = (
    *("-q", "--tb=no", "--no-header", "--capture=no", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"),  # Hypothesis is imported before pytest
)
"""The options of pytest."""


class TestsFail(Exception):
    """A test fails without a mutant; the message contains its name."""


def use_fixed_examples() -> None:
    """Make Hypothesis use the same examples for each mutant, without its database and without shrinking."""
    settings.register_profile(
        "mutation", database=None, derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutation")


def belongs(test: str, entries: Sequence[str]) -> bool:
    """Check whether a test belongs to one of the entries: files, or names of tests without parameters."""
    return any(test == entry or test.startswith((f"{entry}::", f"{entry}[")) for entry in entries)


class Failures:
    """A pytest plugin that knows whether a test has failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        self.failed = self.failed or report.failed

    def run(self, items: Sequence[pytest.Item]) -> pytest.Item | None:
        """Run tests until one fails, and return that one, or None."""
        for place, item in enumerate(items, 1):
            following = items[place] if place < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return item
        return None


class Leave:
    """A pytest plugin that exits after the tests: pytest's own clean-up would take as long as the tests."""

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Exit with pytest's exit code."""
        os._exit(exitstatus)
