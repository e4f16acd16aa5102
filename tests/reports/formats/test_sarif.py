import json
from dataclasses import replace
from pathlib import Path

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.sarif import sarif_report

# The schema of OASIS, from the npm package @microsoft/jest-sarif 1.0.0-beta.0 (MIT).
# Its pattern for a language has an extra bracket and is not a regular expression of ECMA 262; the replacement fixes it.
TEXT = (Path(__file__).parent / "data" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8")
SCHEMA = json.loads(TEXT.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}$"))


@pytest.fixture(scope="session")
def schema():
    return jsonschema_rs.Draft4Validator(SCHEMA, validate_formats=True)


def log(run, schema):
    document = json.loads(sarif_report(run))
    schema.validate(document)
    return document["runs"][0]


def test_the_schema_rejects_an_invalid_log(schema):
    assert not schema.is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_findings_and_their_rules(mixed_run, schema):
    run = log(mixed_run, schema)
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["auth.a", "secrecy.f", "scope.c", "parse.b"]
    assert rules[0]["helpUri"] == "https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1"
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [
        *(("auth.a", "error"), ("auth.a", "error"), ("secrecy.f", "error"), ("scope.c", "error"), ("parse.b", "warning")),
    ]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])
    assert len({json.dumps(each["partialFingerprints"]) for each in run["results"]}) == 5


@pytest.mark.parametrize(
    ("baseline", "uri"),
    [
        (None, "oauth-gauntlet.expect.toml"),
        ("ci/of client.toml", "ci/of%20client.toml"),
        (Path("/srv/known.toml"), "file:///srv/known.toml"),
    ],
)
def test_a_finding_is_shown_in_the_baseline(make_result, make_run, schema, baseline, uri):
    run = make_run(make_result())
    (result,) = log(run if baseline is None else replace(run, baseline=str(baseline)), schema)["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_request_and_response_are_included(make_result, make_run, schema):
    (result,) = log(make_run(make_result()), schema)["results"]
    assert result["webRequest"]["method"] == "POST"
    assert result["webRequest"]["body"]["text"] == "scope=a%2Cb"
    assert result["webResponse"]["statusCode"] == 400


def test_an_exchange_without_a_response(make_result, make_run, schema):
    exchange = {"request": {"method": "GET", "target": "/", "headers": [["A", "1"], ["A", "2"]], "body": ""}, "response": None}
    (result,) = log(make_run(make_result(exchanges=(exchange,))), schema)["results"]
    assert result["webRequest"]["headers"] == {"A": "1, 2"}
    assert result["webResponse"] == {"noResponseReceived": True}


def test_a_known_finding_is_suppressed(make_result, make_run, schema):
    known = make_result(expected={"reason": "agreed", "issue": "https://example.org/1"})
    (result,) = log(make_run(known), schema)["results"]
    assert result["suppressions"] == [{"kind": "external", "justification": "agreed"}]
    assert result["workItemUris"] == ["https://example.org/1"]


def test_a_hostile_run_is_valid(hostile_run, schema):
    assert len(log(hostile_run, schema)["results"]) == 7


def test_an_empty_run_is_valid(make_run, schema):
    assert log(make_run(complete=False), schema)["invocations"] == [{"executionSuccessful": False}]


@given(st.text(st.characters(exclude_categories=())), st.sampled_from(list(Verdict)))
def test_any_text_gives_a_valid_log(make_result, make_run, schema, text, verdict):
    log(make_run(make_result(verdict, text, name=f"x{text}", seen=text, statement=text), client={"name": text}), schema)


def test_brackets_and_braces_are_escaped(make_result, make_run, schema):
    (result,) = log(make_run(make_result(seen="[a](b) {0} \\")), schema)["results"]
    assert r"\[a\](b) {{0}} \\" in result["message"]["text"]


def test_a_rule_has_the_remedy_as_its_help(make_result, make_run, schema):
    known, other = log(make_run(make_result(name="auth.basic-form-urlencoded"), make_result()), schema)["tool"]["driver"][
        "rules"
    ]
    sentence, advice = known["help"]["text"].splitlines()[:2]
    assert sentence == 'RFC 6749 3.3, binds the client: "Scopes MUST be joined by spaces."'
    assert advice.startswith("How to get it right: Form-urlencode id and secret")
    assert "`url.QueryEscape` (Go)" in known["help"]["markdown"]
    assert "- oauth4webapi, and with it openid-client," in known["help"]["markdown"]
    assert known["helpUri"] == "https://www.rfc-editor.org/rfc/rfc6749#section-3.3"
    assert other["help"]["text"] == sentence
    assert other["help"]["markdown"].startswith("> Scopes MUST be joined by spaces.\n>\n> — [RFC 6749 3.3](https://")
    assert other["properties"]["basis"][0]["binds"] == "client"


def test_a_hostile_remedy_is_valid_and_escaped(make_result, make_run, hostile_remedy, schema, read_markdown):
    (rule,) = log(make_run(make_result()), schema)["tool"]["driver"]["rules"]
    assert "\x1b" not in rule["help"]["text"] + rule["help"]["markdown"]
    shown = read_markdown(rule["help"]["markdown"])
    assert not {"script", "img", "iframe", "svg", "style", "b"} & set(shown.tags)
    assert shown.links == ["https://www.rfc-editor.org/rfc/rfc6749#section-3.3"]
