"""`untestable` is not `pass`: a scenario proves nothing if its fault was armed and never fired."""


def test_a_scenario_is_untestable_if_its_fault_never_fires(matrix):
    assert len(matrix.fault_bound) > 500
    wrong = {
        scenario: f"{result.verdict} {result.message}"
        for scenario in sorted(matrix.fault_bound)
        if (result := matrix.unfired[scenario]).verdict != "untestable"
    }
    assert wrong == {}


def test_scenarios_without_a_fault_pass_nevertheless(matrix):
    wrong = {
        scenario: f"{result.verdict} {result.message}"
        for scenario, result in matrix.unfired.items()
        if scenario not in matrix.fault_bound and result.verdict != "pass"
    }
    assert wrong == {}
