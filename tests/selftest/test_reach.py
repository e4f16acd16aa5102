"""What is in reach of a client, from what the watched run noted."""

import bugs
import freedoms
import pytest
import reach

SEEN = {
    "a[password]": ["Requests of BasicAndBody", "ask", "send"],
    "b[password]": ["Requests of BasicAndBody", "a location", "ask", "is_fresh", "send"],
    "c[password]": ["configure"],
}


@pytest.mark.parametrize(
    ("name", "scenarios"),
    [
        ("BasicAndBody", ["a[password]", "b[password]"]),  # a part that says something else
        ("MethodGet", []),  # a part that says the same
        ("AlwaysRenews", ["b[password]"]),  # a method of the client that is called
        ("FollowsAnywhere", ["b[password]"]),  # what has to happen, in words
        ("WaitsForChallenge", ["a[password]", "b[password]"]),  # any exchange
    ],
)
def test_reach(name, scenarios):
    assert reach.reached(bugs.Bug[name].value, name, SEEN) == scenarios


def test_names_are_given_once():
    assert len(reach.altered_clients()) == len(bugs.Bug) + len(freedoms.Freedom)


def test_what_has_to_happen_is_something_that_is_noted(matrix):
    words = {note for notes in matrix.seen.values() for note in notes}
    unknown = {name: set(client.reached_by) - words for name, client in reach.altered_clients().items()}
    assert {name: missing for name, missing in unknown.items() if missing} == {}
