"""The scenarios in reach of a client follow from the notes of the watched client."""

import pytest

from tests.selftest import bugs, freedoms, reach

SEEN = {
    "a[password]": ["Requests of BasicAndBody", "ask", "send"],
    "b[password]": ["Requests of BasicAndBody", "a location", "ask", "is_fresh", "send"],
    "c[password]": ["configure"],
}


@pytest.mark.parametrize(
    ("name", "scenarios"),
    [
        pytest.param("BasicAndBody", ["a[password]", "b[password]"], id="a part with another result"),
        pytest.param("MethodGet", [], id="a part with the same result"),
        pytest.param("AlwaysRenews", ["b[password]"], id="an overridden method that is called"),
        pytest.param("FollowsAnywhere", ["b[password]"], id="a note in reached_by"),
        pytest.param("WaitsForChallenge", ["a[password]", "b[password]"], id="another transport"),
    ],
)
def test_scenarios_in_reach(name, scenarios):
    assert reach.reached(bugs.Bug[name].value, name, SEEN) == scenarios


def test_a_name_is_used_only_once():
    assert len(reach.altered_clients()) == len(bugs.Bug) + len(freedoms.Freedom)


def test_reached_by_contains_only_notes_that_occur(matrix):
    notes = {note for notes in matrix.seen.values() for note in notes}
    unknown = {name: set(client.reached_by) - notes for name, client in reach.altered_clients().items()}
    assert {name: missing for name, missing in unknown.items() if missing} == {}
