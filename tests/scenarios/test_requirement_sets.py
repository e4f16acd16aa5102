"""Requirement sets: each has a name, is frozen, and contains ids that exist."""

import tomllib
from pathlib import Path

import pytest

import oauth_gauntlet_scenarios
from oauth_gauntlet import __version__
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.not_observable import NOT_OBSERVABLE
from oauth_gauntlet_scenarios.requirement_sets import digest, requirement_set, requirement_sets

FILES = sorted((Path(oauth_gauntlet_scenarios.__file__).parent / "sets").glob("*.toml"))
KNOWN = {scenario.requirement.id: scenario.requirement for scenario in scenarios()}


def test_names_of_the_sets():
    assert list(requirement_sets()) == ["all", "connector", "oauth-2.1-draft", "rfc6749", "rfc9700"]
    assert requirement_set("all").to_json() == {"name": "all", "version": __version__}
    assert requirement_set("all").title == "The whole catalogue"
    assert requirement_set("all").covers("anything.at-all", GrantType.PASSWORD)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_set_has_the_content_of_its_file(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    found = requirement_set(path.stem)
    assert (found.name, found.version, found.title) == (path.stem, document["version"], document["title"])
    assert found.ids == set(document["ids"])
    assert {grant.short for grant in found.grants} == set(document["grants"])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_set_is_frozen(path):
    document = tomllib.loads(path.read_text())
    found = digest(document["ids"], document["grants"])
    assert document["digest"] == found, f"the set {path.stem} has changed: raise its version, and enter the digest {found}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_id_of_a_set_exists_and_applies_to_one_of_its_grants(path):
    found = requirement_set(path.stem)
    assert found.ids - set(KNOWN) == set()
    assert [name for name in found.ids if not found.grants & set(KNOWN[name].grants)] == []


def test_the_connector_set_contains_every_requirement_of_that_level():
    expected = {name for name, requirement in KNOWN.items() if requirement.level == "connector"}
    assert expected - requirement_set("connector").ids == set()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rfc674", "'rfc674', did you mean rfc6749?"),
        ("rfc97", "'rfc97', did you mean rfc9700?"),
        ("oauth2", "'oauth2', did you mean oauth-2.1-draft?"),
        ("x", "'x';"),
    ],
)
def test_an_unknown_set_is_an_error_with_the_nearest_name(name, message):
    with pytest.raises(ValueError, match=r"^unknown set") as caught:
        requirement_set(name)
    there_are = "there are all, connector, oauth-2.1-draft, rfc6749, rfc9700"
    assert str(caught.value) == f"unknown set of requirements {message} {there_are}"


def test_no_scenario_has_an_id_that_is_not_observable():
    assert set(NOT_OBSERVABLE) & set(KNOWN) == set()
