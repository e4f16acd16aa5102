"""No false alarm: no scenario has a finding about a client that was written from the RFCs alone.

Where the RFCs leave a choice, it makes the rarer one.
"""

from collections import Counter

from tests.selftest.kill_matrix import SECOND, compared


def test_an_independent_correct_client_has_no_finding(matrix):
    assert compared(matrix, SECOND, frozenset()) == []
    # It declares everything but the clock of its process, so hardly any scenario is not applicable.
    verdicts = Counter(result.verdict for result in matrix.clients[SECOND].values())
    assert verdicts["untestable"] == 0
    assert verdicts["pass"] > 1400
