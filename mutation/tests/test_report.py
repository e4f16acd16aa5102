from pathlib import Path

import pytest
from mutation.explanations import Explanations, load_explanations
from mutation.forks import Outcome
from mutation.mutants import Source, mutants_of
from mutation.verdict import Found

MUTANTS = mutants_of(Source(module="m", path=Path("m.py"), text="def f(a):\n    return a < 1\n"))
ENTRY = '{ function = "f", was = "return a < 1", now = "return a <= 1", reason = "because" }'


def explained(tmp_path, *entries):
    path = tmp_path / "survivors.toml"
    path.write_text('["m"]\nsurvivors = [\n' + "".join(f"    {entry},\n" for entry in entries) + "]\n")
    return load_explanations(path)


def found(explanations, **outcomes):
    """Return a run in which everything is killed but what is named by its line."""
    named = {f"return a {now.replace('_', ' ')}": outcome for now, outcome in outcomes.items()}
    return Found(MUTANTS, [named.get(mutant.now, Outcome.KILLED) for mutant in MUTANTS], explanations)


LESS = "<= 1"


def test_a_run_is_good_when_all_is_killed_or_explained(tmp_path):
    assert len(MUTANTS) == 3
    assert found(Explanations(())).good
    survived = {LESS: Outcome.SURVIVED}
    unexplained = found(Explanations(()), **survived)
    assert [mutant.now for mutant in unexplained.unexplained] == ["return a <= 1"]
    assert not unexplained.good
    assert "survives, unexplained: m f, line 2\n  - return a < 1\n  + return a <= 1" in unexplained.text(1)
    assert found(explained(tmp_path, ENTRY), **survived).unexplained == []


def test_an_explanation_of_what_is_killed_or_gone_is_wrong_but_not_of_what_hangs_now_and_then(tmp_path):
    explanations = explained(tmp_path, ENTRY)
    assert [entry.now for entry in found(explanations).wrong] == ["return a <= 1"]
    assert not found(explanations).good
    assert "explained, and killed or gone: m f" in found(explanations).text(1)
    assert found(explanations, **{LESS: Outcome.TIMED_OUT}).good
    gone = explained(tmp_path, ENTRY.replace("a < 1", "b < 1"))
    assert not found(gone, **{LESS: Outcome.SURVIVED}).good


def test_too_many_survivors_are_too_many_though_they_are_explained(tmp_path):
    run = found(explained(tmp_path, ENTRY), **{LESS: Outcome.SURVIVED})
    assert (run.unexplained, run.wrong) == ([], [])
    assert run.killed == pytest.approx(2 / 3)
    assert not run.good
    assert "66.7% killed (at least 90%)" in run.text(1)


def test_what_is_no_python_is_not_counted_as_killed():
    run = found(Explanations(()), **{LESS: Outcome.NO_PYTHON})
    assert not run.good
    assert "no Python: m f, line 2" in run.text(1)


def test_the_table_has_a_line_for_each_module():
    text = found(Explanations(()), **{LESS: Outcome.TIMED_OUT}).text(7)
    assert "m                                                 3        2         0          1" in text
    assert "3 mutants in 7 s, 100.0% killed" in text


def test_explanations_may_be_asked_for_by_module(tmp_path):
    explanations = explained(tmp_path, ENTRY)
    assert explanations.about(["m"]) == explanations
    assert explanations.about(["n"]) == Explanations(())


@pytest.mark.parametrize(
    "entry", [ENTRY.replace("because", " "), ENTRY.replace('reason = "because"', "x = 1"), '{ was = "a" }']
)
def test_an_explanation_has_a_reason(tmp_path, entry):
    with pytest.raises(ValueError, match="m: an entry needs function, now, reason, was as text, and a reason"):
        explained(tmp_path, entry)
