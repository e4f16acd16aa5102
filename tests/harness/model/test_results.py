"""Results and runs: what they contain by default, their JSON, their damage, and which exchange a finding is about."""

import json
from dataclasses import replace

import pytest

from oauth_gauntlet.model import Damage, Ending, Finding, Level, Mark, Result, Run, Verdict, count_verdicts
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.model.results import exchange_place
from oauth_gauntlet.results.result_json import result_from_json

REQUEST = {"method": "POST", "target": "/token", "http_version": "1.1", "headers": [], "body": ""}


def result(verdict=Verdict.PASS, **more):
    return Result(
        id="parse.expires-in-odd",
        scenario="parse.expires-in-odd.negative[password]",
        grant="password",
        level=Level.MUST,
        basis=(quote("RFC 6749 5.1", "The client MUST do so."),),
        statement="It is understood.",
        verdict=verdict,
        **more,
    )


def run(*results, **more):
    return Run(
        tool_version="9.8",
        client={"name": "c"},
        declared={"grants": []},
        options={"seed": 1},
        started_at="2026-11-23T00:00:00Z",
        results=results,
        **more,
    )


@pytest.mark.parametrize(
    ("options", "whole"),
    [
        ({}, True),
        ({"set": None, "selection": None}, True),
        ({"set": {"name": "all", "version": "1"}}, True),
        ({"set": {"name": "rfc6749", "version": "1"}}, False),
        ({"selection": {"keyword": "a"}}, False),
    ],
)
def test_a_run_is_whole_if_it_judged_the_whole_catalogue_to_the_end(options, whole):
    assert replace(run(complete=True), options=options).whole is whole
    assert replace(run(complete=False), options=options).whole is False


def test_the_defaults_of_a_result_and_a_run_are_empty():
    empty = result()
    assert (empty.message, empty.expected, empty.duration_s, empty.reproduce) == ("", None, 0.0, "")
    assert (empty.findings, empty.answer, empty.notes, empty.exchanges) == ((), None, (), ())
    assert (empty.profile, empty.covered_by, empty.refused_as, empty.follows_from) == (None, (), (), "")
    assert (empty.platform, empty.ending, empty.damage) == ("", None, Damage.NO_TOKEN)
    assert empty.source == "RFC 6749 5.1"
    new = Run(tool_version="9.8", client={}, declared={}, options={}, started_at="")
    assert (new.duration_s, new.complete, new.planned, new.results) == (0.0, False, 0, ())


def test_durations_are_rounded_to_microseconds():
    assert result(duration_s=1.23456789).to_json()["duration_s"] == 1.234568


def test_a_mark_is_in_the_last_request_by_default():
    finding = Finding(expected="x", seen="y", grade=Verdict.WARNING, mark=Mark(text="z"))
    assert finding.to_json() == {
        "expected": "x",
        "seen": "y",
        "grade": "warning",
        "mark": {"text": "z", "part": "request", "exchange": -1},
    }


@pytest.mark.parametrize(
    "given",
    [
        result(),
        result(Verdict.NOT_APPLICABLE, message="needs scope", expected={"verdict": "pass"}),
        result(
            Verdict.VIOLATION,
            duration_s=0.25,
            findings=(
                Finding(expected="x", seen="y", grade=Verdict.VIOLATION),
                Finding(expected="x", seen="", grade=Verdict.WARNING),
            ),
            answer={"token": {"access_token": None}},
            notes=("configuration: {}",),
            exchanges=({"request": REQUEST, "response": None, "fault": "drip"},),
            reproduce="oauth-gauntlet run",
            profile="connector",
            covered_by=("a.b",),
            refused_as=("No.",),
            follows_from="a.c",
            platform="node 20",
            ending=Ending.CRASH,
            damage=Damage.SECRET,
        ),
    ],
    ids=lambda given: given.verdict,
)
def test_a_result_is_equal_after_json_and_back(given):
    assert result_from_json(json.loads(json.dumps(given.to_json()))) == given


def test_every_verdict_is_counted_zeros_included():
    assert count_verdicts([]) == dict.fromkeys(Verdict, 0)
    summary = run(result(), result(), result(Verdict.VIOLATION)).summary()
    assert {verdict: count for verdict, count in summary.items() if count} == {"pass": 2, "violation": 1}


def test_the_document_of_a_run_contains_its_header_summary_and_results():
    document = run(result(), duration_s=1.23456, complete=True).to_json()
    header = {
        "schema": "oauth-gauntlet/results/2",
        "tool": {"name": "oauth-gauntlet", "version": "9.8"},
        "client": {"name": "c"},
        "declared": {"grants": []},
        "options": {"seed": 1},
        "started_at": "2026-11-23T00:00:00Z",
    }
    assert {key: document.pop(key) for key in header} == header
    assert [each["scenario"] for each in document.pop("results")] == ["parse.expires-in-odd.negative[password]"]
    assert document.pop("summary")["pass"] == 1
    assert document == {"duration_s": 1.235, "complete": True, "stopped": ""}


def test_the_category_is_the_first_word_of_the_id():
    assert result().category == "parse"
    assert replace(result(), id="parse").category == "parse"


@pytest.mark.parametrize(
    ("damage", "ending", "whole"),
    [
        (Damage.BURDEN, None, Damage.BURDEN),
        (Damage.BURDEN, Ending.HANG, Damage.HANG),
        (Damage.BURDEN, Ending.CRASH, Damage.CRASH),
        (Damage.SECRET, Ending.CRASH, Damage.SECRET),
    ],
)
def test_the_damage_is_that_of_the_ending_if_it_is_worse(damage, ending, whole):
    assert result(damage=damage, ending=ending).whole_damage is whole


@pytest.mark.parametrize(
    ("place", "count", "index"), [(0, 3, 0), (2, 3, 2), (3, 3, 2), (-1, 3, 2), (-3, 3, 0), (-4, 3, 2), (None, 3, 2)]
)
def test_a_mark_outside_of_the_exchanges_is_in_the_last_one(place, count, index):
    assert exchange_place(None if place is None else Mark(text="", exchange=place), count) == index


def test_the_marked_exchange_is_that_of_the_first_finding():
    first, second = (Finding(expected="", seen="", grade=Verdict.WARNING, mark=Mark(text="", exchange=at)) for at in (0, 1))
    exchanges = ({}, {}, {})
    assert result(findings=(first, second), exchanges=exchanges).marked_exchange == 0
    assert result(exchanges=exchanges).marked_exchange == 2
    assert result(findings=(first,)).marked_exchange is None


def test_the_json_of_a_result_has_the_names_of_the_contract():
    document = result(Verdict.VIOLATION, ending=Ending.HANG, damage=Damage.SECRET).to_json()
    assert (document["ending"], document["damage"], result().to_json()["ending"]) == ("hang", "secret", None)
    assert document.keys() == {
        *("id", "scenario", "grant", "level", "profile", "basis", "covered_by", "statement", "verdict", "message"),
        *("expected", "duration_s", "findings", "answer", "notes", "exchanges", "reproduce", "refused_as", "follows_from"),
        *("platform", "ending", "damage"),
    }
