"""How tests are run here: quickly, silently, and the same for each mutant."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest
from hypothesis import Phase, settings

OPTIONS = (
    *("-q", "--tb=no", "--no-header", "--capture=no", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:xdist"),
    *("-W", "ignore:Module already imported:pytest.PytestAssertRewriteWarning"),  # hypothesis: it is settled first
)
"""Options of pytest."""


class TestsFail(Exception):
    """A test fails without any mutant; the text says which."""


def settle_hypothesis() -> None:
    """Have hypothesis try the same examples for each mutant, keep none of them, and look for no smaller one."""
    settings.register_profile(
        "mutation", database=None, derandomize=True, deadline=None, phases=[Phase.explicit, Phase.generate]
    )
    settings.load_profile("mutation")


def belongs(test: str, entries: Sequence[str]) -> bool:
    """Whether a test is one of those: files, or names of tests without their parameters."""
    return any(test == entry or test.startswith((f"{entry}::", f"{entry}[")) for entry in entries)


class Failures:
    """A plugin of pytest that knows whether a test has failed."""

    def __init__(self) -> None:
        self.failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take a report up."""
        self.failed = self.failed or report.failed

    def run(self, items: Sequence[pytest.Item]) -> pytest.Item | None:
        """Run tests up to the first that fails, and return it."""
        for place, item in enumerate(items, 1):
            following = items[place] if place < len(items) else None
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                return item
        return None


class Leave:
    """A plugin of pytest that leaves when the tests have ended: what pytest does after them takes as long as they do."""

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Leave with pytest's exit code."""
        os._exit(exitstatus)
