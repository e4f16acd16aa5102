from pathlib import Path

import pytest
from mutation.explanations import Explanations, load_explanations
from mutation.forks import MutantOutcome
from mutation.mutants import Source, mutants_of
from mutation.report import Report

MUTANTS = mutants_of(Source(module="m", path=Path("m.py"), text="def f(a):\n    return a < 1\n"))
ENTRY = '{ function = "f", was = "return a < 1", now = "return a <= 1", reason = "because" }'


def explained(tmp_path, *entries):
    path = tmp_path / "survivors.toml"
    path.write_text('["m"]\nsurvivors = [\n' + "".join(f"    {entry},\n" for entry in entries) + "]\n")
    return load_explanations(path)


def report(explanations, **outcomes):
    """Return a report in which all mutants are killed except those named by their line."""
    named = {f"return a {now.replace('_', ' ')}": outcome for now, outcome in outcomes.items()}
    return Report(MUTANTS, [named.get(mutant.now, MutantOutcome.KILLED) for mutant in MUTANTS], explanations)


LESS = "<= 1"


def test_a_run_is_good_when_all_is_killed_or_explained(tmp_path):
    assert len(MUTANTS) == 3
    assert report(Explanations(())).good
    survived = {LESS: MutantOutcome.SURVIVED}
    unexplained = report(Explanations(()), **survived)
    assert [mutant.now for mutant in unexplained.unexplained] == ["return a <= 1"]
    assert not unexplained.good
    assert "survives without an explanation: m f, line 2\n  - return a < 1\n  + return a <= 1" in unexplained.text(1)
    assert report(explained(tmp_path, ENTRY), **survived).unexplained == []


def test_an_explanation_is_wrong_if_its_mutant_is_killed_or_missing_but_not_if_it_timed_out(tmp_path):
    explanations = explained(tmp_path, ENTRY)
    assert [entry.now for entry in report(explanations).wrong] == ["return a <= 1"]
    assert not report(explanations).good
    assert "wrong explanation, its mutant is killed or does not exist: m f" in report(explanations).text(1)
    assert report(explanations, **{LESS: MutantOutcome.TIMED_OUT}).good
    missing = explained(tmp_path, ENTRY.replace("a < 1", "a > 1"))
    assert not report(missing, **{LESS: MutantOutcome.SURVIVED}).good


def test_an_explanation_stays_right_if_names_and_layout_of_the_line_change(tmp_path):
    renamed = ENTRY.replace("a < 1", "limit<1").replace("a <= 1", "limit <= 1")
    survived = report(explained(tmp_path, renamed), **{LESS: MutantOutcome.SURVIVED})
    assert (survived.unexplained, survived.wrong) == ([], [])
    other = explained(tmp_path, renamed.replace("limit", "limit.of"))
    assert len(report(other, **{LESS: MutantOutcome.SURVIVED}).wrong) == 1


def test_too_many_survivors_fail_even_if_they_are_explained(tmp_path):
    run = report(explained(tmp_path, ENTRY), **{LESS: MutantOutcome.SURVIVED})
    assert (run.unexplained, run.wrong) == ([], [])
    assert run.killed == pytest.approx(2 / 3)
    assert not run.good
    assert "66.7% killed (at least 90%)" in run.text(1)


def test_a_mutant_that_does_not_compile_fails_and_is_not_killed():
    run = report(Explanations(()), **{LESS: MutantOutcome.NO_PYTHON})
    assert not run.good
    assert "does not compile: m f, line 2" in run.text(1)


def test_the_table_has_a_line_for_each_module():
    text = report(Explanations(()), **{LESS: MutantOutcome.TIMED_OUT}).text(7)
    assert "m                                                 3        2         0          1" in text
    assert "3 mutants in 7 s, 100.0% killed" in text


def test_explanations_are_selected_by_module(tmp_path):
    explanations = explained(tmp_path, ENTRY)
    assert explanations.about(["m"]) == explanations
    assert explanations.about(["n"]) == Explanations(())


@pytest.mark.parametrize(
    "entry", [ENTRY.replace("because", " "), ENTRY.replace('reason = "because"', "x = 1"), '{ was = "a" }']
)
def test_an_explanation_needs_all_keys_and_a_reason(tmp_path, entry):
    with pytest.raises(ValueError, match="m: expected an entry with the texts function, now, reason, was, got "):
        explained(tmp_path, entry)
