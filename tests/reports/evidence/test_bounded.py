"""No text of a report is longer than its limit, whatever a client answers; a text within its limit stays as it is."""

import json
from dataclasses import replace

import pytest

from oauth_gauntlet.model import Finding, Verdict
from oauth_gauntlet.model.basis import practice
from oauth_gauntlet_reports.evidence.bounded import MOST_NAME, MOST_TEXT, answer_text, bounded, cut
from tests.reports.conftest import a_result, a_run

FITS, LONG = "a" * MOST_TEXT, "a" * (MOST_TEXT + 1)
CUT = f"{FITS}... (4001 characters)"
NAME_FITS, LONG_NAME = "n" * MOST_NAME, "n" * (MOST_NAME + 1)
CUT_NAME = f"{NAME_FITS}... (201 characters)"


def test_a_text_that_is_cut_says_how_long_it_is():
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc... (4 characters)"
    assert (cut(FITS), cut(LONG)) == (FITS, CUT)


def test_an_answer_is_json_and_its_texts_are_cut_before_the_whole():
    answer = {"token": {"access_token": "t" * 9, "extra": [None, True, 1.5, {"k" * 9: "v"}]}}
    assert json.loads(answer_text(answer)) == answer
    assert answer_text({"a": "b"}, indent=2) == '{\n  "a": "b"\n}'
    assert answer_text(["t" * 9, {"k" * 9: "v" * 9}], 8).startswith('["tttttt... (')
    assert json.loads(answer_text({"text": LONG}, MOST_TEXT + 50))["text"] == LONG
    assert len(answer_text({"text": "t" * 100_000})) < MOST_TEXT + 50


def bounded_result(**changes):
    (only,) = bounded(a_run(replace(a_result(), **changes))).results
    return only


@pytest.mark.parametrize("name", ["id", "scenario", "grant", "statement", "message", "reproduce", "follows_from", "platform"])
def test_each_text_of_a_result_is_cut(name):
    assert getattr(bounded_result(**{name: LONG}), name) == CUT
    assert getattr(bounded_result(**{name: FITS}), name) == FITS


@pytest.mark.parametrize("name", ["expected", "seen"])
def test_each_text_of_a_finding_is_cut(name):
    short = Finding(expected="e", seen="s", grade=Verdict.WARNING)
    found = bounded_result(findings=(short, replace(short, **{name: LONG}))).findings
    assert found == (short, replace(short, **{name: CUT}))
    assert bounded_result(findings=(replace(short, **{name: FITS}),)).findings == (replace(short, **{name: FITS}),)


def test_notes_the_basis_and_the_entry_of_the_baseline_are_cut():
    result = bounded_result(notes=("n", LONG), basis=(practice("p"), practice(LONG)), expected={"reason": LONG})
    assert result.notes == ("n", CUT)
    assert [each.sentence for each in result.basis] == ["p", CUT]
    assert result.expected == {"reason": CUT}
    assert bounded_result(notes=(FITS,)).notes == (FITS,)
    assert bounded_result(basis=(practice(FITS),)).basis == (practice(FITS),)


def test_the_header_of_a_run_is_cut_to_the_length_of_names():
    run = bounded(
        replace(
            a_run(),
            tool_version=LONG_NAME,
            started_at=LONG_NAME,
            client={"name": LONG_NAME, LONG_NAME: [{"a": LONG_NAME}]},
            options={"short": NAME_FITS + "n", "long": LONG},
        )
    )
    assert (run.tool_version, run.started_at) == (CUT_NAME, CUT_NAME)
    assert run.client == {"name": CUT_NAME, CUT_NAME: [{"a": CUT_NAME}]}
    assert run.options == {"short": NAME_FITS + "n", "long": CUT}


def test_a_run_with_short_texts_stays_as_it_is():
    run = a_run(a_result())
    assert bounded(run) == run
    assert bounded(run).results[0] is run.results[0]
