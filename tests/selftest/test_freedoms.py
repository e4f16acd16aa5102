"""No false alarm: a correct client that takes a freedom has no finding at all, in no scenario."""

import freedoms
import pytest
from matrix import compared


@pytest.mark.parametrize("freedom", list(freedoms.Freedom), ids=lambda freedom: freedom.name)
def test_a_freedom_is_no_finding(matrix, freedom):
    assert compared(matrix, freedom.name, frozenset()) == []
    assert len(matrix.clients[freedom.name]) > 1, "no scenario is in its reach"
