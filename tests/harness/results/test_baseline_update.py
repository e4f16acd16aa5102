from datetime import date

import pytest

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.results.baseline_update import PLACEHOLDER, updated
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate

TODAY = date(2026, 11, 23)


def result(scenario, verdict, message=""):
    name, _, grant = scenario.partition("[")
    return Result(
        id=name,
        scenario=scenario,
        grant=grant.rstrip("]"),
        level=Level.MUST,
        basis=(),
        statement="",
        verdict=Verdict(verdict),
        message=message,
    )


def run(*results, **options):
    return Run(
        tool_version="0",
        client={"name": "c"},
        declared={},
        options=options,
        started_at="",
        complete=True,
        results=results,
    )


def update(text, run_, strict=False):
    return updated(text, "x", run_, strict=strict, today=TODAY).text


def entry(scenario, verdict="violation", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


A_FAIL = result("a.b[password]", "violation", "expected this; seen that")


def test_a_new_baseline_has_a_header_and_a_placeholder_for_the_reason():
    assert update("", run(A_FAIL)) == (
        "# Known verdicts of oauth-gauntlet, with reasons. Written by `oauth-gauntlet gate --update`; edit the reasons.\n\n"
        '[[expect]]\nscenario = "a.b[password]"\nverdict = "violation"\nreason = "TODO: say why"\n'
    )


def test_the_entries_of_a_new_baseline_are_separated_by_empty_lines():
    new = update("", run(A_FAIL, result("a.a[password]", "violation")))
    assert [block.splitlines()[0] for block in new.split("[[expect]]\n")[1:]] == [
        'scenario = "a.a[password]"',
        'scenario = "a.b[password]"',
    ]
    assert 'reason = "TODO: say why"\n\n[[expect]]' in new


def test_an_empty_baseline_stays_empty_without_unexpected_verdicts():
    assert "expect]]" not in update("", run(result("a.b[password]", "pass")))
    assert update("# ours\n", run(result("a.b[password]", "pass"))) == "# ours\n"


@pytest.mark.parametrize(
    ("entries", "options"),
    [
        (entry("a.b[password]"), {}),
        (entry("nowhere.b"), {}),
        (entry("nowhere.b", more="until = 2026-11-22"), {"selection": {"keyword": "a"}}),
    ],
    ids=["stale", "unmatched", "expired"],
)
def test_stale_unmatched_and_expired_entries_are_deleted(entries, options):
    assert update(entries, run(result("a.b[password]", "pass"), **options)).strip() == ""


def test_an_entry_outside_a_restricted_run_is_kept():
    kept = update(entry("other.b"), run(result("a.b[password]", "pass"), selection={"keyword": "a"}))
    assert [each.scenario for each in parse_expectations(kept, "x").entries] == ["other.b"]


def test_a_warning_gets_an_entry_only_with_strict():
    warned = run(result("a.b[password]", "warning"))
    assert "a.b" not in update("", warned)
    assert 'verdict = "warning"' in update("", warned, strict=True)


def test_update_keeps_reasons_and_comments_drops_the_stale_and_adds_the_new():
    text = "# ours\n" + entry("z.z[password]", more='issue = "https://example.org/1"  # keep me') + entry("m.m[password]")
    found = run(result("z.z[password]", "violation"), result("m.m[password]", "pass"), A_FAIL)
    new = update(text, found)
    entries = parse_expectations(new, "x").entries
    assert [each.scenario for each in entries] == ["a.b[password]", "z.z[password]"]
    assert entries[0].reason == PLACEHOLDER
    assert "# ours" in new
    assert "# keep me" in new
    assert evaluate(found, Expectations(entries=entries), strict=False, today=TODAY).exit_code == 0


def test_inline_tables_become_tables_and_are_kept():
    text = 'expect = [{scenario = "z.z[password]", verdict = "violation", reason = "known"}]\n'
    found = run(result("z.z[password]", "violation"), A_FAIL)
    new = update(text, found)
    entries = parse_expectations(new, "x").entries
    assert new.count("\n\n[[expect]]\n") == 1
    assert [(each.scenario, each.reason) for each in entries] == [("a.b[password]", PLACEHOLDER), ("z.z[password]", "known")]


def migrated(word, verdicts, *, more="", scenario="a.*", **options):
    """Return the entries and the changes after an entry with an old word met these verdicts of ``a.v0``, ``a.v1``, ..."""
    results = [result(f"a.v{place}[password]", verdict, "seen that") for place, verdict in enumerate(verdicts)]
    new = updated(entry(scenario, word, more), "x", run(*results, **options), strict=False, today=TODAY)
    assert new.expectations == parse_expectations(new.text, "x")
    return [(each.scenario, str(each.verdict), each.reason) for each in new.expectations.entries], list(new.changes)


@pytest.mark.parametrize(
    ("word", "verdicts", "verdict"),
    [
        ("fail", ["violation"], "violation"),
        ("fail", ["hazard", "pass"], "hazard"),
        ("fail", ["deviation", "warning", "warning"], "deviation"),
        ("fail", ["warning", "not_applicable"], "warning"),
        ("fail", ["untestable", "pass"], "untestable"),
        ("warn", ["warning"], "warning"),
        ("warn", ["hazard"], "hazard"),
        ("warn", ["untestable", "warning"], "warning"),
    ],
)
def test_an_entry_of_an_earlier_version_gets_the_verdict_that_the_run_shows(word, verdicts, verdict):
    entries, changes = migrated(word, verdicts)
    assert entries[0] == ("a.*", verdict, "known")
    assert changes[0] == f"a.*: {word} is now {verdict}"


def test_scenarios_of_one_old_entry_with_different_verdicts_get_entries_with_the_same_reason():
    entries, changes = migrated("fail", ["violation", "hazard", "violation", "pass"], more='issue = "https://i.example/1"')
    assert entries == [("a.*", "violation", "known"), ("a.v1[password]", "hazard", "known")]
    assert changes == ["a.*: fail is now violation; a.v1[password] is hazard, and gets an entry of its own"]


def test_an_old_warning_does_not_hide_a_failure_that_it_did_not_expect():
    entries, changes = migrated("warn", ["warning", "violation"])
    assert entries == [("a.*", "warning", "known"), ("a.v1[password]", "violation", PLACEHOLDER)]
    assert changes == ["a.*: warn is now warning", f"added 1 verdict: write the reasons in place of {PLACEHOLDER!r}"]


def test_an_old_entry_follows_the_scenarios_with_its_message():
    results = [result("a.v0[password]", "violation", "other"), result("a.v1[password]", "hazard", "seen that")]
    text = entry("a.*", "fail", 'message = "seen that"')
    new = updated(text, "x", run(*results), strict=False, today=TODAY)
    assert [str(each.verdict) for each in new.expectations.entries] == ["hazard", "violation"]
    assert new.changes[0] == "a.*: fail is now hazard"


@pytest.mark.parametrize(
    ("scenario", "verdicts", "words"),
    [
        ("a.v0", ["pass"], "a.v0: removed, because a.v0[password] has verdict pass"),
        (
            "gone.b",
            ["pass"],
            "gone.b: removed, because this run judged no such scenario (it is gone, or of a profile not asked)",
        ),
    ],
)
def test_an_old_entry_without_a_finding_is_removed_and_named(scenario, verdicts, words):
    entries, changes = migrated("fail", verdicts, scenario=scenario)
    assert (entries, changes[-1]) == ([], words)


def test_an_old_entry_outside_a_restricted_run_is_kept_with_the_nearest_word():
    entries, changes = migrated("fail", ["pass"], scenario="other.b", selection={"keyword": "a"})
    assert entries == [("other.b", "violation", "known")]
    assert changes == ["other.b: fail is now violation; this run has no such finding"]


def test_a_migration_keeps_comments_issues_and_days_and_the_gate_is_satisfied():
    text = "# ours\n\n" + entry("a.b", "fail", 'issue = "https://i.example/1"  # keep me\nuntil = 2027-03-31')
    found = run(result("a.b[password]", "hazard"))
    new = updated(text, "x", found, strict=False, today=TODAY)
    assert new.text == text.replace('"fail"', '"hazard"')
    assert update(new.text, found) == new.text
    assert evaluate(found, new.expectations, strict=False, today=TODAY).exit_code == 0


def test_expired_entries_are_named():
    new = updated(entry("a.b", more="until = 2026-11-22"), "x", run(A_FAIL), strict=False, today=TODAY)
    assert new.changes[0] == "a.b: removed, because it expired on 2026-11-22"
