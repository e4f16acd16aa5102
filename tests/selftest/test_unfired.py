"""Untestable is not pass: where a fault is armed and never fires, nothing was proved."""


def test_a_scenario_whose_fault_never_fired_is_untestable(matrix):
    assert len(matrix.fault_bound) > 500
    wrong = {
        scenario: f"{outcome.verdict} {outcome.message}"
        for scenario in sorted(matrix.fault_bound)
        if (outcome := matrix.unfired[scenario]).verdict != "untestable"
    }
    assert wrong == {}


def test_the_others_pass_without_faults(matrix):
    wrong = {
        scenario: f"{outcome.verdict} {outcome.message}"
        for scenario, outcome in matrix.unfired.items()
        if scenario not in matrix.fault_bound and outcome.verdict != "pass"
    }
    assert wrong == {}
