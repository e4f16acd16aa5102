import json
from datetime import date

import pytest

from oauth_gauntlet.model import Verdict
from oauth_gauntlet.results.expectations import (
    Expectation,
    ExpectationError,
    Expectations,
    load_expectations,
    parse_expectations,
)
from tests.harness.results.test_gate import result


def entry(scenario, verdict="violation", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


def several(*scenarios):
    return f'[[expect]]\nscenario = {json.dumps(scenarios)}\nverdict = "violation"\nreason = "known"\n'


@pytest.mark.parametrize(
    ("wider", "narrower", "scenario"),
    [
        ("a.*", "a.b[password]", "a.b[password]"),
        ("a.b", "a.b[password]", "a.b[password]"),
        ("a.b[*]", "a.b[password]", "a.b[password]"),
        ("*[password]", "a.*", "a.b[password]"),
        ("a.*.*", "a.*.c", "a.b.c[password]"),
    ],
)
def test_the_most_specific_entry_applies_in_any_order(wider, narrower, scenario):
    for order in ([wider, narrower], [narrower, wider]):
        expectations = parse_expectations("".join(entry(each) for each in order), "x")
        assert expectations.match(scenario).scenario == narrower


def test_a_scenario_without_an_entry_matches_none():
    assert parse_expectations(entry("a.b"), "x").match("a.c[password]") is None
    assert Expectations().match("a.c[password]") is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("expect = 1", ["expect must be a list"]),
        ("[[expect]]\n", ["line 1", "scenario is missing"]),
        ("expect = [1]", ["expect must be a list"]),
        (entry("a.b").replace("reason", "raeson"), ["line 1 (scenario 'a.b')", "'raeson'", "did you mean reason?"]),
        (entry("a.b", more="isue = 1"), ["'isue'", "did you mean issue?"]),
        (entry("a.b", more="x = 1"), ["key 'x'; the known keys are scenario, verdict, reason, issue, message, until"]),
        (entry("a.b").replace("reason", "# "), ["reason is missing; every entry needs scenario, verdict, reason as text"]),
        (entry("a.b").replace("verdict", "# "), ["verdict is missing"]),
        (entry(" "), ["scenario is missing"]),
        (entry("a.b", more="issue = 5"), ["line 1 (scenario 'a.b'): issue: expected a string, got 5"]),
        (entry("a.b", more="message = 5"), ["message: expected a string, got 5"]),
        (entry("a.b", "sad"), [f"verdict: expected one of {', '.join(Verdict)}, flaky, got 'sad'"]),
        (
            entry("z.z") + entry("a.b", "fail"),
            ["line 6 (scenario 'a.b')", "fail is now violation", "gate FILE.jsonl --update"],
        ),
        (entry("a.b", "warn"), ["line 1 (scenario 'a.b')", "warn is warning", "gate FILE.jsonl --update"]),
        (entry("a.b*"), ["whole word"]),
        (entry("a.b[pass*]"), ["whole word"]),
        (entry("a..b"), ["whole word"]),
        (entry("a.b[]"), ["whole word"]),
        (entry("a.b", more="until = 2027-03-31T00:00:00Z"), ["until", "2027-03-31"]),
        (entry("a.b", more='until = "soon"'), ["until must be a date such as 2027-03-31, got 'soon'"]),
        (entry("a.b") + entry("a.b"), ["line 6", "a second entry for 'a.b'; the first is in file.toml, line 1"]),
        (entry("a.b") + entry("a.b.*[*]"), ["line 6", "a second entry for 'a.b.*[*]'"]),
        (several("a.b", "a.c", "a.b.*"), ["line 1", "a second entry for 'a.b.*'"]),
        ("[[expect]]\nscenario = []", ["scenario: expected a pattern, or a list of patterns, got []"]),
        ("[[expect]]\nscenario = [1]", ["scenario: expected a pattern, or a list of patterns, got [1]"]),
        (entry("a.b", "flaky").replace("known", "TODO: say why"), ["reason: a flaky verdict needs one"]),
        (entry("a.b", "flaky").replace("reason", "# "), ["reason is missing"]),
        ("expect = " + "[" * 5000 + "]" * 5000, ["not valid TOML: ", "nested"]),
        ("[[expect]", ["not valid TOML", "line 1"]),
        ("[other]\n", ["unknown key 'other'"]),
    ],
)
def test_a_wrong_baseline_is_rejected_with_the_place(text, words):
    with pytest.raises(ExpectationError) as caught:
        parse_expectations(text, "file.toml")
    for word in ["file.toml", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "covered", "others"),
    [
        ("a.b", ["a.b[password]", "a.b.c[refresh_token]"], ["a.bc[password]", "a[password]"]),
        ("a.b.c", ["a.b.c[password]"], ["a.b[password]", "a.b.d[password]"]),
        ("a.b[password]", ["a.b[password]"], ["a.b[refresh_token]"]),
        ("a.*", ["a.b[password]", "a.b.c[password]"], ["b.b[password]"]),
        ("*.b", ["a.b[password]", "a.b.c[password]"], ["b.a[password]"]),
        ("*", ["a.b[password]", "a.b.c[x]"], []),
        ("a.*.c[*]", ["a.b.c[password]"], ["a.b[password]", "a.b.d[password]"]),
        ("a.b.*", ["a.b[password]", "a.b.c[password]", "a.b.c.d[password]"], ["a.c.c[password]"]),
    ],
)
def test_an_entry_covers_the_scenarios_that_its_pattern_matches(pattern, covered, others):
    expectation = Expectation(scenario=pattern, verdict=Verdict.VIOLATION, reason="r")
    assert [each for each in covered + others if expectation.covers(each)] == covered


@pytest.mark.parametrize(
    ("message", "verdict", "text", "agrees"),
    [
        (None, "violation", "anything", True),
        (None, "warning", "anything", False),
        ("seen that", "violation", "expected this; seen that", True),
        ("seen that", "violation", "seen something else", False),
        ("seen that", "warning", "expected this; seen that", False),
    ],
)
def test_a_result_agrees_by_verdict_and_message(message, verdict, text, agrees):
    expectation = Expectation(scenario="a.b", verdict=Verdict.VIOLATION, reason="r", message=message)
    assert expectation.agrees(result("a.b[password]", verdict, text)) is agrees


def test_until_may_be_a_date_or_text():
    for until in ("2027-03-31", '"2027-03-31"'):
        (parsed,) = parse_expectations(entry("a.b", more=f"until = {until}"), "x").entries
        assert parsed.until == date(2027, 3, 31)


def test_every_member_of_an_entry_is_read_and_written():
    more = 'issue = "https://example.org/1"\nmessage = "seen that"\nuntil = 2027-03-31'
    (parsed,) = parse_expectations(entry("a.b", more=more), "x").entries
    assert parsed.to_json() == {
        "scenario": "a.b",
        "verdict": "violation",
        "reason": "known",
        "issue": "https://example.org/1",
        "message": "seen that",
        "until": "2027-03-31",
    }
    json.dumps(parsed.to_json())


def test_optional_members_of_an_entry_are_none():
    (parsed,) = parse_expectations(entry("a.b"), "x").entries
    assert parsed == Expectation(scenario="a.b", verdict=Verdict.VIOLATION, reason="known")
    assert [parsed.to_json()[name] for name in ("issue", "message", "until")] == [None, None, None]


def test_a_baseline_is_read_from_its_file(tmp_path):
    path = tmp_path / "baseline.toml"
    path.write_bytes(entry("a.b").replace("known", "bekannt für Jürgen").encode())
    assert [each.reason for each in load_expectations(path).entries] == ["bekannt für Jürgen"]


def test_an_empty_baseline_expects_nothing():
    assert parse_expectations("", "x") == Expectations()


def test_an_error_names_the_file_and_the_line(tmp_path):
    path = tmp_path / "baseline.toml"
    path.write_text("[[expect]]\n")
    with pytest.raises(ExpectationError, match=r"baseline\.toml, line 1"):
        load_expectations(path)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ExpectationError, match=r"missing\.toml: the baseline cannot be read: No such file"):
        load_expectations(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff")
    with pytest.raises(ExpectationError, match="it is not UTF-8"):
        load_expectations(tmp_path / "binary.toml")


def test_an_entry_with_a_list_is_the_same_as_one_entry_for_each_pattern():
    parsed = parse_expectations(several("a.b.c", "a.b.d[password]"), "x")
    assert [(each.scenario, each.reason, each.number) for each in parsed.entries] == [
        ("a.b.c", "known", 1),
        ("a.b.d[password]", "known", 1),
    ]
    assert parsed.match("a.b.d[refresh_token]") is None


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_flaky_entry_agrees_with_every_verdict(verdict):
    (flaky,) = parse_expectations(entry("a.b", "flaky"), "x").entries
    assert flaky.agrees(result("a.b[password]", verdict))
    assert (flaky.verdict, flaky.word, flaky.to_json()["verdict"]) == (None, "flaky", "flaky")


@pytest.mark.parametrize(
    ("verdict", "text", "agrees"), [("pass", "", True), ("violation", "x", False), ("error", "seen", True)]
)
def test_a_flaky_entry_with_a_message_agrees_with_a_pass_and_with_that_message(verdict, text, agrees):
    flaky = Expectation(scenario="a.b", verdict=None, reason="r", message="seen")
    assert flaky.agrees(result("a.b[password]", verdict, text)) is agrees


def test_the_place_of_an_entry_is_its_line_in_the_file():
    parsed = parse_expectations("# ours\n\n" + entry("a.b") + '\n# "[[expect]]"\n' + entry("a.c"), "file.toml")
    assert [parsed.place(each) for each in parsed.entries] == ["file.toml, line 3", "file.toml, line 10"]
