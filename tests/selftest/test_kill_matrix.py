"""Every bug is caught by exactly the scenarios in kills.toml, and every scenario catches a bug."""

import pytest

from tests.selftest import bugs, kills
from tests.selftest.kill_matrix import compared


def test_the_reference_client_passes_everything(matrix):
    assert {name: result for name, result in matrix.reference.items() if result.verdict != "pass"} == {}
    assert set(matrix.reference) == {name for names in kills.all_scenarios().values() for name in names}


@pytest.mark.parametrize("bug", list(bugs.Bug), ids=lambda bug: bug.name)
def test_a_bug_is_caught_by_exactly_the_listed_scenarios(matrix, bug):
    expected = kills.load()[bug.name]
    assert expected, "no scenario catches it"
    assert compared(matrix, bug.name, expected) == []


def test_chance_concerns_scenarios_that_exist_and_not_all_that_catch_a_bug():
    names = {name for names in kills.all_scenarios().values() for name in names}
    for bug in bugs.Bug:
        assert all(any(name.startswith(start) for name in names) for start in bug.value.by_chance)
        assert any(not name.startswith(bug.value.by_chance) for name in kills.load()[bug.name])


def test_every_scenario_catches_a_bug():
    assert kills.scenarios_without_a_bug(kills.load()) == []


def test_there_are_enough_bugs_and_each_has_a_docstring():
    assert len(bugs.Bug) >= 150
    assert [bug.name for bug in bugs.Bug if not bug.value.__doc__] == []


def test_the_file_lists_all_bugs_in_their_order_and_no_others():
    assert list(kills.load()) == [bug.name for bug in bugs.Bug]
