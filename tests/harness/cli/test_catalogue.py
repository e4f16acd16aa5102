from pathlib import Path

from click.testing import CliRunner

from oauth_gauntlet.cli.catalogue import list_scenarios, markdown
from oauth_gauntlet_scenarios.catalogue import scenarios

PAGE = Path(__file__).parents[3] / "docs" / "requirements.md"


def test_the_page_of_the_documentation_is_what_the_code_says():
    assert PAGE.read_text() == markdown(scenarios()), "run: oauth-gauntlet list --format markdown > docs/requirements.md"


def test_every_requirement_is_listed_in_every_form():
    for form in ("table", "json", "markdown"):
        text = CliRunner().invoke(list_scenarios, ["--format", form]).output
        assert all(scenario.requirement.id in text for scenario in scenarios())


def test_ids_are_given_once():
    ids = [scenario.requirement.id for scenario in scenarios()]
    assert len(ids) == len(set(ids))
