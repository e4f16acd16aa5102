"""A scenario that ends in an error runs again: it may be the fault of a busy machine."""

import pytest

from tests.selftest import kill_matrix
from tests.selftest.kill_matrix import ATTEMPTS, ScenarioVerdict

JOBS = {"a": {"spec": "py:x:a", "scenarios": None, "plugin": "p"}, "b": {"spec": "py:x:b", "scenarios": ["s1"]}}


def verdict(name):
    return ScenarioVerdict(verdict=name, message="", duration_s=0.0)


@pytest.fixture
def runs(monkeypatch):
    """The jobs of each run; `results` has the verdicts of each run in order."""
    jobs_of_runs, results = [], []

    def run_once(jobs, folder, processes, effort, options):
        assert folder.is_dir()
        jobs_of_runs.append(jobs)
        return results.pop(0)

    monkeypatch.setattr(kill_matrix, "_run_once", run_once)
    return jobs_of_runs, results


def test_only_errors_run_again_and_the_last_verdict_counts(runs, tmp_path):
    jobs_of_runs, results = runs
    first = {"a": {"s1": verdict("error"), "s2": verdict("violation")}, "b": {"s1": verdict("pass")}}
    results += [first, {"a": {"s1": verdict("pass")}}]
    found = kill_matrix.run(JOBS, tmp_path)
    assert jobs_of_runs == [JOBS, {"a": {**JOBS["a"], "scenarios": ["s1"]}}]
    assert found == {"a": {"s1": verdict("pass"), "s2": verdict("violation")}, "b": {"s1": verdict("pass")}}


def test_an_error_that_occurs_each_time_stays(runs, tmp_path):
    jobs_of_runs, results = runs
    results += [{"a": {"s1": verdict("error")}, "b": {}}] + [{"a": {"s1": verdict("error")}}] * (ATTEMPTS - 1)
    assert kill_matrix.run(JOBS, tmp_path)["a"] == {"s1": verdict("error")}
    assert len(jobs_of_runs) == ATTEMPTS
