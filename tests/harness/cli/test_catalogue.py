import json

import pytest
from click.testing import CliRunner

from oauth_gauntlet.cli.catalogue import explain, list_scenarios, why_nothing_matches
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.requirement_sets import requirement_set


def test_a_set_lists_its_own_requirements():
    listed = json.loads(CliRunner().invoke(list_scenarios, ["--format", "json", "--set", "rfc9700"]).output)
    assert {each["id"] for each in listed} == set(requirement_set("rfc9700").ids)


def test_every_requirement_is_listed_in_every_format():
    for form in ("table", "json", "markdown"):
        text = CliRunner().invoke(list_scenarios, ["--format", form]).output
        assert all(scenario.requirement.id in text for scenario in scenarios())


def test_off_a_terminal_each_requirement_is_one_whole_line():
    lines = CliRunner().invoke(list_scenarios, []).output.splitlines()
    for scenario in scenarios():
        (line,) = (each for each in lines if each.startswith(f"{scenario.requirement.id} "))
        assert scenario.requirement.source in line
        assert line.rstrip().endswith(scenario.requirement.statement)
        assert scenario.requirement.profile is None or scenario.requirement.profile in line


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


def test_a_set_lists_and_explain_names_the_level_that_it_raises():
    (listed,) = [
        each
        for each in json.loads(CliRunner().invoke(list_scenarios, ["--format", "json", "--set", "oauth-2.1-draft"]).output)
        if each["id"] == "resource.not-in-query"
    ]
    assert (listed["level"], listed["basis"][0]["document"]) == ("must", "OAuth 2.1")
    text = CliRunner().invoke(explain, ["resource.not-in-query"]).output
    assert "raised   to must in oauth-2.1-draft: OAuth 2.1 5.1" in text


def test_a_requirement_of_a_profile_says_how_it_is_asked():
    text = CliRunner().invoke(explain, ["config.grant-default"]).output
    assert "profile  scim-connector: asked with --profile scim-connector, or if the adapter declares it" in text
    assert text.rstrip().endswith("-k 'config.grant-default.absent[refresh_token]' --profile scim-connector")
    assert "sets  " not in text


@pytest.mark.parametrize(
    ("keyword", "profiles", "words"),
    [
        ("config.grant-default", [], "add --profile scim-connector"),
        ("config.grant-default", ["scim-connector"], "not in the selected part of the catalogue"),
        ("sanity.first", [], "not in the selected part of the catalogue"),
        ("sanity.fist", [], "the nearest are sanity.first"),
    ],
)
def test_a_keyword_that_selects_nothing_is_explained(keyword, profiles, words):
    assert words in why_nothing_matches(keyword, profiles)


def test_an_explanation_names_the_renewals():
    text = CliRunner().invoke(explain, ["auth.single-method"]).output
    assert "\nrenewal  expiry: after the token had expired (client_credentials)\n" in text
    assert "\nrenewal  refresh: with the refresh token (password)\n" in text
