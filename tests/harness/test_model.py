import json
from dataclasses import replace

import pytest

from oauth_gauntlet.model import Finding, Level, Mark, Requirement, RequirementSet, Result, Run, Verdict, count_verdicts
from oauth_gauntlet.model.basis import practice, quote
from oauth_gauntlet.protocol import GrantType
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
    ("level", "breach", "binding"),
    [
        (Level.MUST, "violation", True),
        (Level.UNSAFE, "hazard", True),
        (Level.PROFILE, "deviation", True),
        (Level.SHOULD, "warning", False),
        (Level.INTEROP, "warning", False),
    ],
)
def test_each_level_has_its_verdict_on_a_client_that_deviates(level, breach, binding):
    assert (level.breach, level.binding) == (breach, binding)


def test_only_red_verdicts_are_failing_and_a_warning_is_against_the_client_too():
    assert {verdict for verdict in Verdict if verdict.failing} == {"violation", "hazard", "deviation"}
    assert {verdict for verdict in Verdict if verdict.against} == {"violation", "hazard", "deviation", "warning"}


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


@pytest.mark.parametrize("name", ["parse", "parse.expires-in-odd", "parse.a.b"])
def test_the_category_is_the_first_word_of_the_id(name):
    requirement = Requirement(id=name, level=Level.MUST, basis=(), statement="", grants=())
    assert (requirement.category, replace(result(), id=name).category) == ("parse", "parse")


def test_a_requirement_needs_nothing_by_default():
    requirement = Requirement(id="a.b", level=Level.MUST, basis=(), statement="", grants=())
    assert (requirement.parameters, requirement.capabilities, requirement.auth_methods) == (set(), set(), set())
    assert requirement.needed == []


def test_a_set_contains_everything_by_default():
    everything = RequirementSet(name="all", version="1", title="")
    assert (everything.ids, everything.grants) == (None, set(GrantType))
    assert all(everything.covers("a.b", grant) for grant in GrantType)


def test_the_defaults_of_a_result_and_a_run_are_empty():
    empty = result()
    assert (empty.message, empty.expected, empty.duration_s, empty.reproduce) == ("", None, 0.0, "")
    assert (empty.findings, empty.answer, empty.notes, empty.exchanges) == ((), None, (), ())
    new = Run(tool_version="9.8", client={}, declared={}, options={}, started_at="")
    assert (new.duration_s, new.complete, new.planned, new.results) == (0.0, False, 0, ())


def test_durations_are_rounded_to_microseconds():
    assert result(duration_s=1.23456789).to_json()["duration_s"] == 1.234568


def test_a_requirement_lists_its_needs_sorted():
    requirement = Requirement(
        id="use.retry",
        level=Level.INTEROP,
        basis=(practice("Servers do so."),),
        statement="It tries again.",
        grants=(GrantType.PASSWORD, GrantType.JWT_BEARER),
        parameters=frozenset({"scope", "ca_file"}),
        capabilities=frozenset({"retry_401", "cache"}),
        auth_methods=frozenset({"none"}),
    )
    assert requirement.needed == ["ca_file", "cache", "none", "retry_401", "scope"]
    assert requirement.to_json() == {
        "id": "use.retry",
        "category": "use",
        "level": "interop",
        "profile": None,
        "source": "practice",
        "basis": [{"kind": "practice", "document": "", "section": "", "sentence": "Servers do so.", "binds": "nobody"}],
        "statement": "It tries again.",
        "grants": ["password", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "needs": {
            "parameters": ["ca_file", "scope"],
            "capabilities": ["cache", "retry_401"],
            "token_endpoint_auth_methods": ["none"],
        },
    }


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
    assert document == {"duration_s": 1.235, "complete": True}
