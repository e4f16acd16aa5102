import pytest

from oauth_gauntlet.results.expectations import parse_expectations
from oauth_gauntlet.results.failure_limit import FailureLimit
from tests.harness.results.test_gate import TODAY, entry, result, run


def reached(most, *results, baseline="", strict=False):
    """Return how many results a run has when it is stopped, or None if it is not."""
    limit = FailureLimit(most, "-x", parse_expectations(baseline, "f"), strict=strict, today=TODAY)
    return next((number for number, each in enumerate(results, 1) if limit.is_reached(run(), each)), None)


def of(*verdicts):
    return [result(f"a.b{number}[password]", verdict) for number, verdict in enumerate(verdicts)]


@pytest.mark.parametrize("verdict", ["violation", "hazard", "deviation"])
def test_failures_count(verdict):
    assert reached(1, *of("pass", verdict)) == 2
    assert reached(2, *of(verdict, "pass", verdict, verdict)) == 3


@pytest.mark.parametrize("verdict", ["pass", "warning", "untestable", "error", "not_applicable", "consequence"])
def test_nothing_else_counts(verdict):
    assert reached(1, *of(verdict, verdict)) is None


def test_a_warning_counts_if_it_counts_as_a_failure():
    assert reached(1, *of("warning"), strict=True) == 1
    assert reached(1, *of("untestable"), strict=True) is None


def test_what_the_baseline_knows_does_not_count():
    assert reached(1, *of("violation", "violation"), baseline=entry("a.b0")) == 2
    assert reached(1, *of("violation"), baseline=entry("a.b0", more="until = 2026-01-01")) == 1


def test_what_follows_from_another_failure_does_not_count():
    root = result("sanity.first[password]", "violation")
    assert reached(2, root, *of("violation", "violation")) is None
    assert reached(1, root, *of("violation", "violation"), baseline=entry("sanity.first")) is None


@pytest.mark.parametrize(
    ("most", "option", "reason"),
    [
        (1, "-x", "stopped after 1 failure (-x)"),
        (3, "--max-failures 3", "stopped after 3 failures (--max-failures 3)"),
    ],
)
def test_the_reason_names_the_option(most, option, reason):
    assert FailureLimit(most, option, parse_expectations("", "f"), strict=False, today=TODAY).reason == reason
