import re
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.results.baseline_update import updated
from oauth_gauntlet.results.expectations import PLACEHOLDER, ExpectationError, Expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate

TODAY = date(2026, 11, 23)


def result(scenario, verdict, message=""):
    name, _, grant = scenario.partition("[")
    return Result(
        id=".".join(name.split(".")[:2]),
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
        '[[expect]]\nscenario = "a.b"\nverdict = "violation"\nreason = "TODO: say why"\n'
    )


def test_the_entries_of_a_new_baseline_are_separated_by_empty_lines():
    new = update("", run(A_FAIL, result("a.a[password]", "violation")))
    assert [block.splitlines()[0] for block in new.split("[[expect]]\n")[1:]] == [
        'scenario = "a.a"',
        'scenario = "a.b"',
    ]
    assert 'reason = "TODO: say why"\n\n[[expect]]' in new


@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
def test_one_empty_line_separates_entries_however_often_the_baseline_is_updated(blank):
    known = [result(f"a.{name}[password]", "violation") for name in "abc"]
    text = "# ours\n" + blank.join(entry(each.scenario) for each in (known[2], known[0]))
    once = update(text, run(*known))
    assert [len(gap) for gap in re.findall(r"\n+(?=\[\[expect)", once)] == [2, 2, 2]
    assert not once.endswith("\n\n")
    assert update(once, run(*known)) == once


def test_an_empty_baseline_stays_empty_without_unexpected_verdicts():
    assert "expect]]" not in update("", run(result("a.b[password]", "pass")))
    assert update("# ours\n", run(result("a.b[password]", "pass"))) == "# ours\n"


@pytest.mark.parametrize(
    ("entries", "options"),
    [
        (entry("a.b[password]"), {}),
        (entry("nowhere.b"), {}),
        (entry("nowhere.b", more="until = 2026-11-22"), {}),
        (entry("a.b", more="until = 2026-11-22"), {}),
    ],
    ids=["stale", "unmatched", "expired and unmatched", "expired and fixed"],
)
def test_stale_and_unmatched_entries_are_deleted(entries, options):
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
    assert [each.scenario for each in entries] == ["a.b", "z.z[password]"]
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
    assert [(each.scenario, each.reason) for each in entries] == [("a.b", PLACEHOLDER), ("z.z[password]", "known")]


def migrated(word, verdicts, *, more="", scenario="a.b", **options):
    """Return the entries and the changes after an entry with an old word met these verdicts of ``a.b.v0``, ``a.b.v1``, ..."""
    results = [result(f"a.b.v{place}[password]", verdict, "seen that") for place, verdict in enumerate(verdicts)]
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
    assert entries[0] == ("a.b", verdict, "known")
    assert changes[0] == f"a.b: {word} is now {verdict}"


def test_scenarios_of_one_old_entry_with_different_verdicts_get_entries_with_the_same_reason():
    entries, changes = migrated("fail", ["violation", "hazard", "violation", "pass"], more='issue = "https://i.example/1"')
    assert entries == [("a.b", "violation", "known"), ("a.b.v1[password]", "hazard", "known")]
    assert changes == [
        "a.b: fail is now violation; a.b.v1[password] is hazard, and gets an entry of its own",
        "kept     2 entries",
    ]


def test_an_old_warning_does_not_hide_a_failure_that_it_did_not_expect():
    entries, changes = migrated("warn", ["warning", "violation"])
    assert entries == [("a.b", "warning", "known"), ("a.b.v1", "violation", PLACEHOLDER)]
    assert changes == [
        "a.b: warn is now warning",
        "added    a.b.v1: violation, 1 scenario",
        f"write the reasons of the new entries in place of {PLACEHOLDER!r}",
        "kept     1 entry",
    ]


def test_an_old_entry_follows_the_scenarios_with_its_message():
    results = [result("a.b.v0[password]", "violation", "other"), result("a.b.v1[password]", "hazard", "seen that")]
    text = entry("a.b", "fail", 'message = "seen that"')
    new = updated(text, "x", run(*results), strict=False, today=TODAY)
    assert [(each.scenario, str(each.verdict)) for each in new.expectations.entries] == [
        ("a.b", "hazard"),
        ("a.b.v0", "violation"),
    ]
    assert new.changes[0] == "a.b: fail is now hazard"


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        ("a.b.v0", "removed  a.b.v0: a.b.v0[password] has verdict pass"),
        ("gone.b", "removed  gone.b: this run judged no such scenario (it is gone, or of a profile not asked)"),
    ],
)
def test_an_old_entry_without_a_finding_is_removed_and_named(scenario, words):
    entries, changes = migrated("fail", ["pass"], scenario=scenario)
    assert (entries, changes[1:]) == ([], [words])


def test_an_old_entry_outside_a_restricted_run_is_kept_with_the_nearest_word():
    entries, changes = migrated("fail", ["pass"], scenario="other.b", selection={"keyword": "a"})
    assert entries == [("other.b", "violation", "known")]
    assert changes[0] == "other.b: fail is now violation; this run has no such finding"


def test_an_old_entry_for_several_patterns_is_migrated_too():
    text = '[[expect]]\nscenario = ["a.b.v0", "a.b.v1"]\nverdict = "fail"\nreason = "known"\n'
    new = update(text, run(result("a.b.v0[password]", "hazard"), result("a.b.v1[password]", "hazard")))
    assert new == text.replace('"fail"', '"hazard"')


def test_a_migration_keeps_comments_issues_and_days_and_the_gate_is_satisfied():
    text = "# ours\n\n" + entry("a.b", "fail", 'issue = "https://i.example/1"  # keep me\nuntil = 2027-03-31')
    found = run(result("a.b[password]", "hazard"))
    new = updated(text, "x", found, strict=False, today=TODAY)
    assert new.text == text.replace('"fail"', '"hazard"')
    assert update(new.text, found) == new.text
    assert evaluate(found, new.expectations, strict=False, today=TODAY).exit_code == 0


def outcome(text, *results, strict=False, **options):
    """Return the patterns, verdicts and reasons after an update, its changes, and the exit code of the gate after it."""
    found = run(*results, **options)
    new = updated(text, "x", found, strict=strict, today=TODAY)
    assert new.expectations == parse_expectations(new.text, "x")
    again = updated(new.text, "x", found, strict=strict, today=TODAY)
    assert again.text == new.text
    assert [change for change in again.changes if not change.startswith("expired")] == []
    shown = [(each.scenario, each.word, each.reason) for each in new.expectations.entries]
    return shown, list(new.changes), evaluate(found, new.expectations, strict=strict, today=TODAY).exit_code


def named(verdicts, name="a.b"):
    """Return the results of a requirement: its variants and grants, as ``v0[p]``, with their verdicts."""
    return [result(f"{name}.{rest}" if rest[0] != "[" else name + rest, verdict) for rest, verdict in verdicts.items()]


@pytest.mark.parametrize(
    ("verdicts", "options", "entries"),
    [
        ({"[p]": "violation"}, {}, {"violation": ["a.b"]}),
        ({"v0[p]": "violation", "v1[p]": "violation", "v1[r]": "not_applicable"}, {}, {"violation": ["a.b"]}),
        ({"v0[p]": "violation", "v1[p]": "consequence"}, {}, {"violation": ["a.b"]}),
        ({"v0[p]": "violation", "v1[p]": "pass"}, {}, {"violation": ["a.b.v0"]}),
        ({"v0[p]": "violation", "v0[r]": "pass", "v1[p]": "violation", "v1[r]": "pass"}, {}, {"violation": ["a.b[p]"]}),
        ({"v0[p]": "violation", "v0[r]": "violation", "v1[p]": "pass"}, {}, {"violation": ["a.b.v0"]}),
        (
            {"v0[p]": "violation", "v0[r]": "violation", "v1[p]": "pass", "v1[r]": "violation"},
            {},
            {"violation": ["a.b.v0", "a.b[r]"]},
        ),
        ({"v0[p]": "violation", "v0[p+refresh]": "pass", "v1[p]": "pass"}, {}, {"violation": ["a.b.v0[p]"]}),
        (
            {"v0[p]": "violation", "v1[p]": "violation", "v2[p]": "hazard", "v3[p]": "untestable"},
            {},
            {"violation": ["a.b"], "hazard": ["a.b.v2"], "untestable": ["a.b.v3"]},
        ),
        ({"v0[p]": "violation", "v1[p]": "error", "v2[p]": "error"}, {}, {"violation": ["a.b.v0"], "error": ["a.b"]}),
        ({"v0[p]": "violation", "v1[p]": "warning"}, {}, {"violation": ["a.b.v0"]}),
        ({"v0[p]": "violation", "v1[p]": "violation"}, {"selection": {"level": "must"}}, {"violation": ["a.b"]}),
        ({"v0[p]": "violation", "v1[p]": "violation"}, {"selection": {"grants": ["p"]}}, {"violation": ["a.b[p]"]}),
        (
            {"v0[p]": "violation", "v1[p]": "violation"},
            {"selection": {"keyword": "b"}},
            {"violation": ["a.b.v0[p]", "a.b.v1[p]"]},
        ),
    ],
)
def test_a_requirement_gets_one_entry_that_hides_nothing(verdicts, options, entries):
    shown, _, exit_code = outcome("", *named(verdicts), result("z.z[p]", "pass"), **options)
    found = {}
    for scenario, word, reason in shown:
        found.setdefault(word, []).append(scenario)
        assert reason == PLACEHOLDER
    assert (found, exit_code) == (entries, 0)
    text = update("", run(*named(verdicts), **options))
    assert text.count("[[expect]]") == len(entries)


SCENARIOS = [f"a.b.{variant}[{grant}]" for variant in ("v0", "v1", "v2") for grant in ("p", "r", "p+refresh")]
VERDICTS = st.sampled_from(["pass", "violation", "hazard", "warning", "untestable", "error"])


# A new pattern for [r] leaves out v1, for which a kept entry is more specific.
@example(
    verdicts=("pass", "hazard", "pass", "pass", "hazard", "violation", "pass", "hazard", "pass"),
    before={"a.*": "violation", "a.b.v1": "violation"},
    strict=False,
)
@given(
    verdicts=st.tuples(*[VERDICTS] * len(SCENARIOS)),
    before=st.dictionaries(
        st.sampled_from(["a.*", "a.b", "a.b[p]", "a.b.v1", "a.b.v0[r]", "*.*.v2"]),
        st.sampled_from(["violation", "hazard", "flaky", "error"]),
    ),
    strict=st.booleans(),
)
def test_after_an_update_every_change_of_a_verdict_is_noticed(verdicts, before, strict):
    judged = [result(name, verdict) for name, verdict in zip(SCENARIOS, verdicts, strict=True)]
    text = "".join(entry(pattern, verdict) for pattern, verdict in before.items())
    new = updated(text, "x", run(*judged), strict=strict, today=TODAY).expectations
    report = evaluate(run(*judged), new, strict=strict, today=TODAY)
    assert (report.unexpected, report.broken, report.stale, report.unmatched) == ((), (), (), ())
    old = parse_expectations(text, "x")
    for each in judged:
        if old.match(each.scenario) is None and each.verdict is Verdict.PASS:
            worse = evaluate(run(result(each.scenario, "violation")), new, strict=strict, today=TODAY)
            assert [one.scenario for one in worse.unexpected] == [each.scenario]


def test_errors_get_entries_so_that_a_client_with_them_can_be_gated():
    shown, changes, exit_code = outcome("", *named({"v0[p]": "error", "v1[p]": "error"}), result("z.z[p]", "pass"))
    assert (shown, exit_code) == ([("a.b", "error", PLACEHOLDER)], 0)
    assert changes[0] == "added    a.b: error, 2 scenarios"


def test_a_client_of_which_everything_is_an_error_is_not_tested_for_all_that():
    assert outcome("", *named({"v0[p]": "error"}))[2] == 4


def test_an_expired_entry_is_kept_and_named_and_gets_no_second_one():
    text = entry("a.b", more='issue = "https://i.example/1"\nuntil = 2026-11-22')
    shown, changes, exit_code = outcome(text, *named({"v0[p]": "violation", "v1[p]": "hazard"}))
    assert (shown, exit_code) == ([("a.b", "violation", "known"), ("a.b.v1", "hazard", PLACEHOLDER)], 1)
    assert changes[-1] == "expired  a.b: it should have been fixed by 2026-11-22; fix it, or write a later day"
    new = updated(text, "x", run(A_FAIL), strict=False, today=TODAY)
    assert (new.text, len(new.changes)) == (text, 1)


def test_an_expired_entry_for_one_scenario_gets_no_second_one_for_an_error():
    text = entry("a.b[password]", more="until = 2026-11-22")
    broke = (result("a.b[password]", "error"), result("z.z[password]", "pass"))
    assert outcome(text, *broke)[0] == [("a.b[password]", "error", "known")]
    assert outcome(text, *broke)[2] == 3


def test_an_entry_whose_scenarios_all_have_another_verdict_now_keeps_its_reason():
    text = "# ours\n\n" + entry("a.b", more="until = 2027-11-22  # later")
    shown, changes, exit_code = outcome(text, *named({"v0[p]": "hazard", "v1[p]": "hazard"}))
    assert (shown, exit_code) == ([("a.b", "hazard", "known")], 0)
    assert changes == ["changed  a.b: violation is now hazard, 2 scenarios; check the reason", "kept     1 entry"]
    assert update(text, run(*named({"v0[p]": "hazard"}))) == text.replace('"violation"', '"hazard"')


def test_a_pattern_of_a_list_is_removed_and_the_others_keep_their_comments():
    text = (
        '# why\n\n# about b\n[[expect]]\nscenario = [\n    "a.b.v0",  # first\n    "a.b.v1",\n    "a.b.v2",  # third\n]\n'
        'verdict = "violation"\nreason = "known"\n'
    )
    found = named({"v0[p]": "violation", "v1[p]": "pass", "v2[p]": "violation"})
    new = updated(text, "x", run(*found), strict=False, today=TODAY)
    assert new.text == text.replace('    "a.b.v1",\n', "")
    assert new.changes == ("removed  a.b.v1: a.b.v1[p] has verdict pass", "kept     1 entry")


def test_a_consequence_does_not_remove_an_entry():
    text = entry("a.b")
    new = updated(text, "x", run(*named({"v0[p]": "consequence"})), strict=False, today=TODAY)
    assert (new.text, new.changes) == (text, ())


def test_without_a_change_the_text_stays_as_it_is_and_nothing_is_told():
    text = "# ours\r\n\r\n\r\n" + entry("z.b").replace("\n", "\r\n") + entry("a.b").replace("\n", "\r\n")
    new = updated(text, "x", run(A_FAIL, result("z.b[password]", "violation")), strict=False, today=TODAY)
    assert (new.text, new.changes) == (text, ())


def test_the_ends_of_lines_stay_as_they_are():
    text = entry("a.b").replace("\n", "\r\n")
    new = update(text, run(A_FAIL, result("z.b[password]", "violation")))
    assert "z.b" in new
    assert new.count("\n") == new.count("\r\n")


def test_comments_stay_with_their_entry_and_those_at_the_beginning_with_the_file():
    text = "# the file\n" + entry("z.z") + "# about m\n# and more\n" + entry("m.m") + "\n# about b\n" + entry("b.b")
    found = run(A_FAIL, *(result(f"{name}[p]", "violation") for name in ("z.z", "b.b")), result("m.m[p]", "pass"))
    new = update(text, found)
    assert new.startswith('# the file\n\n[[expect]]\nscenario = "a.b"')
    assert '# about b\n[[expect]]\nscenario = "b.b"' in new
    assert "about m" not in new


@pytest.mark.parametrize(
    ("fixed", "expected"),
    [
        ("a.a", "# file\n\n# section\n# of two lines\n\n{b}\n\n# end"),
        ("a.b", "# file\n\n{a}\n# still about a\n\n# section\n# of two lines\n\n# end"),
    ],
)
def test_a_comment_that_is_not_about_a_removed_entry_stays(fixed, expected):
    a, b = (entry(name).rstrip() for name in ("a.a", "a.b"))
    text = f"# file\n\n{a}\n# still about a\n\n# section\n# of two lines\n\n# about b\n{b}\n\n# end\n"
    found = [result(f"{name}[p]", "pass" if name == fixed else "violation") for name in ("a.a", "a.b")]
    b = f"# about b\n{b}"
    assert update(text, run(*found)) == expected.format(a=a, b=b) + "\n"


def test_a_removed_entry_takes_the_comments_in_its_own_texts_with_it():
    text = entry("a.a").replace('"known"', '"""\n\n# no comment\n\n# nor this\n"""') + entry("a.b")
    new = update(text, run(result("a.a[p]", "pass"), result("a.b[p]", "violation")))
    assert new == entry("a.b").rstrip() + "\n"


@pytest.mark.parametrize(
    "reason",
    ['"""\n[[expect]]\n"""', "#".join(("'" * 3 + "\n", " no comment" + "'" * 3)), '"# [[expect]]"'],
)
def test_a_text_of_several_lines_is_no_beginning_of_an_entry(reason):
    text = entry("z.z").replace('"known"', reason) + entry("m.m")
    found = run(A_FAIL, result("z.z[p]", "violation"), result("m.m[p]", "violation"))
    new = parse_expectations(update(text, found), "x")
    assert [each.scenario for each in new.entries] == ["a.b", "m.m", "z.z"]
    assert new.entries[2].reason == parse_expectations(text, "x").entries[0].reason


def test_an_empty_list_of_entries_is_replaced():
    assert [each.scenario for each in parse_expectations(update("expect = []\n", run(A_FAIL)), "x").entries] == ["a.b"]


def test_a_scenario_whose_name_is_no_pattern_is_an_error():
    with pytest.raises(ExpectationError, match=r"^x: a scenario of this run cannot be an entry: .*whole word"):
        update("", run(result("a.b.v*[p]", "violation"), result("a.b.w[p]", "pass")))
