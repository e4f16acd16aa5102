"""No false alarm: no scenario has a finding about a correct client that uses a freedom."""

import pytest

from tests.selftest import freedoms
from tests.selftest.kill_matrix import compared, warnings_of


@pytest.mark.parametrize("freedom", list(freedoms.Freedom), ids=lambda freedom: freedom.name)
def test_a_freedom_causes_no_finding(matrix, freedom):
    warnings = warnings_of(matrix, freedom)
    assert compared(matrix, freedom.name, warnings) == []
    assert {scenario.partition("[")[0] for scenario in warnings} == freedom.value.warned
    assert len(matrix.clients[freedom.name]) > 1, "no scenario is in its reach"
