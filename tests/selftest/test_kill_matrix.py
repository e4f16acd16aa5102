"""Every bug is caught by exactly the scenarios that ``kills.toml`` names, and every scenario has a bug."""

import bugs
import kills
import pytest
from matrix import compared


def test_the_reference_client_passes_everything(matrix):
    assert {name: outcome for name, outcome in matrix.reference.items() if outcome.verdict != "pass"} == {}
    assert set(matrix.reference) == {name for names in kills.all_scenarios().values() for name in names}


@pytest.mark.parametrize("bug", list(bugs.Bug), ids=lambda bug: bug.name)
def test_a_bug_is_caught_by_exactly_these(matrix, bug):
    expected = kills.load()[bug.name]
    assert expected, "no scenario catches it"
    assert compared(matrix, bug.name, expected) == []


def test_every_scenario_has_a_bug():
    assert kills.scenarios_without_a_bug(kills.load()) == []


def test_there_are_enough_bugs_and_each_says_what_it_does():
    assert len(bugs.Bug) >= 150
    assert [bug.name for bug in bugs.Bug if not bug.value.__doc__] == []


def test_kills_are_of_bugs_that_there_are():
    assert list(kills.load()) == [bug.name for bug in bugs.Bug]


def test_the_page_of_the_documentation_is_what_the_file_says():
    assert kills.PAGE.read_text() == kills.page(kills.load()), "run: python tests/selftest/matrix.py --update"
