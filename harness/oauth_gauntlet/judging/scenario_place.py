"""Where the function of a scenario stands."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oauth_gauntlet.requirement import Scenario


def source_of(scenario: Scenario) -> FunctionType:
    """Return the function as it is written in its file: without decorators, also without that of Hypothesis."""
    given = getattr(scenario.function, "hypothesis", None)
    source = inspect.unwrap(scenario.function if given is None else given.inner_test)
    assert isinstance(source, FunctionType)
    return source


def line_of(scenario: Scenario) -> int:
    """Return the line, from 1, in which the function or its first decorator stands."""
    return source_of(scenario).__code__.co_firstlineno


def place_of(scenario: Scenario) -> str:
    """Return file and line for a message: ``test_acme.py, line 12``."""
    return f"{Path(source_of(scenario).__code__.co_filename).name}, line {line_of(scenario)}"
