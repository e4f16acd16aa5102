"""No false alarm: no scenario has a finding about a correct client that uses a freedom."""

import pytest

from tests.selftest import freedoms
from tests.selftest.kill_matrix import compared


@pytest.mark.parametrize("freedom", list(freedoms.Freedom), ids=lambda freedom: freedom.name)
def test_a_freedom_causes_no_finding(matrix, freedom):
    warnings = {
        scenario
        for scenario, result in matrix.clients[freedom.name].items()
        if result.verdict == "warning" and scenario.partition("[")[0] in freedom.value.warned
    }
    assert compared(matrix, freedom.name, frozenset(warnings)) == []
    assert {scenario.partition("[")[0] for scenario in warnings} == freedom.value.warned
    assert len(matrix.clients[freedom.name]) > 1, "no scenario is in its reach"
