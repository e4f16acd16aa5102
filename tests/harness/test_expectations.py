from datetime import date

import pytest

from oauth_gauntlet.expectations import Expectation, ExpectationError, load_expectations, parse_expectations
from oauth_gauntlet.model import Verdict


def entry(scenario, verdict="fail", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


def test_the_most_specific_entry_counts():
    expectations = parse_expectations(entry("a.*", "warn") + entry("a.b[password]"), "x")
    assert expectations.match("a.b[password]").verdict is Verdict.FAIL
    assert expectations.match("a.c[password]").verdict is Verdict.WARN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("expect = 1", ["expect must be a list"]),
        ("[[expect]]\n", ["entry 1", "scenario is missing"]),
        (entry("a.b").replace("reason", "raeson"), ["entry 1", "'raeson'", "did you mean reason"]),
        (entry("a.b", "sad"), ["'sad'", "fail"]),
        (entry("a.b*"), ["whole word"]),
        (entry("a.b", more='until = "soon"'), ["until", "2027-03-31"]),
        (entry("a.b") + entry("a.b"), ["entry 2", "second entry"]),
        ("[[expect]", ["not valid TOML", "line 1"]),
        ("[other]\n", ["unknown key 'other'"]),
    ],
)
def test_what_is_wrong_is_said(text, words):
    with pytest.raises(ExpectationError) as caught:
        parse_expectations(text, "file.toml")
    for word in ["file.toml", *words]:
        assert word in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "covered", "others"),
    [
        ("a.b", ["a.b[password]", "a.b[refresh_token]"], ["a.b.c[password]", "a[password]"]),
        ("a.b[password]", ["a.b[password]"], ["a.b[refresh_token]"]),
        ("a.*", ["a.b[password]", "a.b.c[password]"], ["b.b[password]"]),
        ("*.b", ["a.b[password]"], ["a.b.c[password]"]),
        ("*", ["a.b[password]", "a.b.c[x]"], []),
        ("a.*.c[*]", ["a.b.c[password]"], ["a.b[password]", "a.b.d[password]"]),
    ],
)
def test_which_scenarios_an_entry_is_about(pattern, covered, others):
    expectation = Expectation(scenario=pattern, verdict=Verdict.FAIL, reason="r")
    assert [each for each in covered + others if expectation.covers(each)] == covered


def test_a_day_may_be_a_date_or_text():
    for until in ("2027-03-31", '"2027-03-31"'):
        (parsed,) = parse_expectations(entry("a.b", more=f"until = {until}"), "x").entries
        assert parsed.until == date(2027, 3, 31)


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ExpectationError, match="No such file"):
        load_expectations(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff")
    with pytest.raises(ExpectationError, match="it is not UTF-8"):
        load_expectations(tmp_path / "binary.toml")
