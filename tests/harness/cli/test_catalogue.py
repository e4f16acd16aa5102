import json

from click.testing import CliRunner

from oauth_gauntlet.cli.catalogue import explain, list_scenarios
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.requirement_sets import requirement_set


def test_a_set_lists_its_own_requirements():
    listed = json.loads(CliRunner().invoke(list_scenarios, ["--format", "json", "--set", "rfc9700"]).output)
    assert {each["id"] for each in listed} == set(requirement_set("rfc9700").ids)


def test_every_requirement_is_listed_in_every_format():
    for form in ("table", "json", "markdown"):
        text = CliRunner().invoke(list_scenarios, ["--format", form]).output
        assert all(scenario.requirement.id in text for scenario in scenarios())


def test_requirement_ids_are_unique():
    ids = [scenario.requirement.id for scenario in scenarios()]
    assert len(ids) == len(set(ids))


def test_an_explanation_contains_the_remedy_and_how_other_clients_behave():
    text = CliRunner().invoke(explain, ["auth.basic-form-urlencoded"]).output
    words = " ".join(text.split())
    assert "How to get it right: Form-urlencode id and secret separately," in words
    assert "- oauth4webapi, and with it openid-client, percent-encodes all characters except letters and digits" in words
    assert max(map(len, text.splitlines())) <= 110


def test_an_explanation_says_what_the_requirement_rests_on_and_the_verdict_otherwise():
    text = CliRunner().invoke(explain, ["auth.basic-form-urlencoded"]).output
    assert "basis    RFC 6749 2.3.1" in text
    assert "level    must (a document requires it of the client); otherwise: violation" in text
