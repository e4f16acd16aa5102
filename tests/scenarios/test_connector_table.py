"""docs/connector.md covers the whole connector document, and names only scenarios that exist."""

import re
from pathlib import Path

from oauth_gauntlet_scenarios.catalogue import scenarios

PAGE = (Path(__file__).parents[2] / "docs" / "connector.md").read_text(encoding="utf-8")
TABLE = "\n".join(line for line in PAGE.splitlines() if line.startswith("|"))
KNOWN = {scenario.requirement.id: scenario.requirement.level for scenario in scenarios()}


def found(pattern):
    return set(re.findall(pattern, TABLE))


def test_every_id_in_the_table_exists():
    ids = found(r"\b([a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*)\b")
    assert len(ids) > 60
    assert ids - set(KNOWN) == set()


def test_bold_ids_are_exactly_those_of_level_connector():
    bold = found(r"\*\*([a-z]+\.[a-z0-9-]+)\*\*")
    assert bold == {name for name, level in KNOWN.items() if level == "connector"}


def test_every_row_has_a_scenario_or_is_advice():
    rows = TABLE.splitlines()[2:]
    assert len(rows) >= 40
    assert [row for row in rows if not re.search(r"\*\*[a-z]", row) and "advice" not in row] == []
