"""docs/connector.md has the words of the connector's page, every requirement of the profile, and only ids that exist."""

import re
from pathlib import Path

import pytest

from oauth_gauntlet.model import BasisKind
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page, profiles

PAGE = (Path(__file__).parents[2] / "docs" / "connector.md").read_text(encoding="utf-8")
HEADING = "| words of the page | scenarios |"
ROWS = [line for line in PAGE.splitlines() if line.startswith("|") and line != HEADING and not line.startswith("|---")]
WORDS = " ".join(row.split("|")[1].strip() for row in ROWS)
CHECKED = "\n".join(row.split("|")[2] for row in ROWS)
KNOWN = {scenario.requirement.id: scenario.requirement for scenario in scenarios()}
OF_THE_PROFILE = {name: each for name, each in KNOWN.items() if each.profile == SCIM_CONNECTOR.name}


def found(pattern):
    return set(re.findall(pattern, CHECKED))


def test_every_id_in_the_table_exists():
    ids = found(r"\b([a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*)\b")
    assert len(ids) > 60
    assert ids - set(KNOWN) == set()


def test_bold_ids_are_exactly_those_of_the_profile():
    assert found(r"\*\*([a-z]+\.[a-z0-9-]+)\*\*") == set(OF_THE_PROFILE)


def test_every_row_has_a_scenario_or_says_why_not():
    assert len(ROWS) >= 40
    without = [row for row in ROWS if not re.search(r"[a-z]+\.[a-z-]+", row.split("|")[2])]
    assert [row for row in without if not re.search(r"introduction|heading|advice", row)] == []


@pytest.mark.parametrize("name", sorted(OF_THE_PROFILE))
def test_a_requirement_of_the_profile_quotes_words_of_the_page(name):
    quoted = [basis for basis in OF_THE_PROFILE[name].basis if basis.kind is BasisKind.PROFILE]
    assert {basis.document for basis in quoted} == {SCIM_CONNECTOR.document}
    assert [basis.sentence for basis in quoted if basis.sentence not in WORDS] == []


def test_every_profile_of_a_requirement_is_offered():
    assert {each.profile for each in KNOWN.values()} - {None} == {profile.name for profile in profiles()}


def test_the_basis_of_the_profile_names_its_document():
    assert connector_page("The connector can use generated tokens.").place == SCIM_CONNECTOR.document
