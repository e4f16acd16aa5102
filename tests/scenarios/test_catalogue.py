"""The category of a requirement's id is the name of its module or folder, and the catalogue misses no module."""

from pathlib import Path

import oauth_gauntlet_scenarios
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet_scenarios.catalogue import scenarios

PACKAGE = Path(oauth_gauntlet_scenarios.__file__).parent


def place_of(scenario):
    """Return the module of a scenario below the package, such as ("parse", "test_json")."""
    return tuple(scenario.function.__module__.split(".")[1:])


def test_category_is_the_name_of_module_or_folder():
    wrong = {
        scenario.requirement.id: place
        for scenario in scenarios()
        if (place := place_of(scenario))[0].removeprefix("test_") != scenario.requirement.id.partition(".")[0]
    }
    assert wrong == {}


def test_a_category_is_either_a_module_or_a_folder():
    first_parts = {place_of(scenario)[0] for scenario in scenarios()}
    assert {part.removeprefix("test_") for part in first_parts if part.startswith("test_")} & first_parts == set()


def test_every_module_that_pytest_collects_is_in_the_catalogue():
    """The catalogue walks packages; pytest collects files, and would find them in a folder without __init__.py too."""
    collected = {path.relative_to(PACKAGE).with_suffix("").parts for path in PACKAGE.rglob("test_*.py")}
    assert collected == {place_of(scenario) for scenario in scenarios()}


def test_a_requirement_is_covered_by_others_that_exist():
    ids = {scenario.requirement.id for scenario in scenarios()}
    wrong = {
        scenario.requirement.id: unknown
        for scenario in scenarios()
        if (unknown := {each for each in scenario.requirement.covered_by if each not in ids or each == scenario.requirement.id})
    }
    assert wrong == {}


def test_what_a_client_without_a_renewal_fails_exists():
    assert {each for kind in RenewalKind for each in kind.shown_by} <= {scenario.requirement.id for scenario in scenarios()}
