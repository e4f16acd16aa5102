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


def test_a_sample_has_all_that_must_catch_a_client_and_one_other_of_each_requirement():
    scenarios = [
        f"{requirement}.{number}[password{renewal}]"
        for requirement in ("a.x", "b.y", "b.z")
        for number in range(reach.FEW // 3)
        for renewal in ("", "+expiry")
    ]
    caught_by = frozenset(scenarios[:40])
    samples = {name: reach.sample(name, scenarios, caught_by) for name in "ABCDEFGH"}
    for found in samples.values():
        assert found == sorted(found, key=scenarios.index)
        assert caught_by < set(found)
        assert sorted(each[:3] for each in set(found) - caught_by) == ["a.x", "b.y", "b.z"]
    assert len(set(map(frozenset, samples.values()))) == len(samples)


def test_a_sample_has_at_most_so_many_others_and_still_all_that_must_catch_a_client():
    scenarios = [f"x.y{number}[password]" for number in range(4 * reach.FEW)]
    caught_by = frozenset(scenarios[::2])
    found = reach.sample("A", scenarios, caught_by)
    assert caught_by < set(found)
    assert len(set(found) - caught_by) == reach.FEW


def test_a_sample_of_few_scenarios_is_all_of_them():
    scenarios = [f"x.y.{number}[password]" for number in range(reach.FEW)]
    assert reach.sample("A", scenarios, frozenset()) == scenarios
