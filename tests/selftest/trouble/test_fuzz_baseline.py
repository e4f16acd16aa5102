"""Any content of `oauth-gauntlet.expect.toml` is a baseline, or gives one message with the file and the reason."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.results.baseline_update import updated
from oauth_gauntlet.results.expectations import ExpectationError, load_expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate
from tests.selftest.trouble.damaged_documents import (
    damaged,
    dates,
    examples,
    is_one_line_about,
    json_values,
    mutated,
    texts,
    toml,
)

TODAY = date(2026, 11, 24)
DOCUMENT = {
    "expect": [
        {"scenario": "parse.minimal[password]", "verdict": "violation", "reason": "known"},
        {"scenario": "auth.*[client_credentials]", "verdict": "warning", "reason": "ours", "issue": "https://i.example/1"},
        {"scenario": "scope.*.none", "verdict": "error", "reason": "later", "message": "no", "until": date(2027, 3, 31)},
    ]
}


def result(scenario, verdict):
    return Result(
        id="parse.minimal",
        scenario=scenario,
        grant="password",
        level=Level.MUST,
        basis=(quote("RFC 6749 5", "The client MUST do so."),),
        statement="It does.",
        verdict=verdict,
    )


def run_of(*scenarios):
    return Run(
        tool_version="0",
        client={"name": "c"},
        declared={},
        options={},
        started_at="2026-11-24T00:00:00Z",
        complete=True,
        results=tuple(result(scenario, verdict) for scenario, verdict in scenarios),
    )


RUN = run_of(
    ("parse.minimal[password]", Verdict.VIOLATION),
    ("auth.basic[client_credentials]", Verdict.PASS),
    ("a.b[password]", Verdict.VIOLATION),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return tmp_path_factory.mktemp("baseline") / "oauth-gauntlet.expect.toml"


def exit_codes(path, octets):
    """Return the exit codes of the gate with the file and with the updated file, or None if the file is rejected."""
    path.write_bytes(octets)
    try:
        expectations = load_expectations(path)
    except ExpectationError as error:
        is_one_line_about(error, path)
        return None
    before = evaluate(RUN, expectations, strict=False, today=TODAY).exit_code
    text = updated(octets.decode("utf-8-sig"), "old", RUN, strict=False, today=TODAY).text
    return before, evaluate(RUN, parse_expectations(text, "new"), strict=False, today=TODAY).exit_code


@examples(200)
@given(document=mutated(DOCUMENT, st.one_of(json_values, dates, texts)))
def test_a_document_with_one_change(path, document):
    if isinstance(document, dict):
        assert exit_codes(path, toml(document)) in {None, (1, 0), (1, 1), (0, 0)}


@examples(100)
@given(octets=damaged(toml(DOCUMENT)))
def test_a_damaged_file(path, octets):
    exit_codes(path, octets)


@examples(100)
@given(name=st.one_of(texts, st.text(max_size=20)))
def test_a_new_baseline_with_any_scenario_name_passes_or_is_rejected(name):
    run = run_of((f"{name}[password]", Verdict.VIOLATION))
    try:
        expectations = updated("", "x", run, strict=False, today=TODAY).expectations
    except ExpectationError:
        return
    assert evaluate(run, expectations, strict=False, today=TODAY).exit_code == 0


def test_the_unchanged_document_is_valid(path):
    assert exit_codes(path, toml(DOCUMENT)) == (1, 0)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000 + "]" * 5000, "a = " + "9" * 5000, "a = 2021-02-30"])
def test_what_tomllib_itself_cannot_read(text):
    with pytest.raises(ExpectationError, match="not valid TOML"):
        parse_expectations(text, "x")
