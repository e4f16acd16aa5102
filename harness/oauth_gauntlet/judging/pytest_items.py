"""Return the scenario, the grant and the scenario id of a pytest item."""

from __future__ import annotations

from typing import cast

import pytest

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import Scenario, Variant, scenario_id, scenario_of


def scenario_at(item: pytest.Item) -> Scenario | None:
    """Return the scenario that an item runs, or None for an ordinary test."""
    return scenario_of(item.function) if isinstance(item, pytest.Function) else None


def grant_of(item: pytest.Item) -> GrantType:
    """Return the grant that a scenario's item runs for."""
    assert isinstance(item, pytest.Function)
    return cast("GrantType", item.callspec.params["grant"])


def variant_of(item: pytest.Item) -> Variant | None:
    """Return the variant that a scenario's item runs with, or None if it has none."""
    assert isinstance(item, pytest.Function)
    return cast("Variant | None", item.callspec.params.get("variant"))


def name_of(item: pytest.Item, scenario: Scenario) -> str:
    """Return the scenario id of an item: requirement, variant and grant."""
    return scenario_id(scenario.requirement, grant_of(item), variant_of(item))
