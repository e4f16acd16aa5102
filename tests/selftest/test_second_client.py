"""No false alarm, once more: a client that was written from the RFCs alone, and takes the rarer choice where there is one."""

from collections import Counter

from matrix import SECOND, compared


def test_an_independent_correct_client_is_found_no_fault_with(matrix):
    assert compared(matrix, SECOND, frozenset()) == []
    # It declares everything but the clock of its process: hardly anything is not applicable.
    verdicts = Counter(outcome.verdict for outcome in matrix.clients[SECOND].values())
    assert verdicts["untestable"] == 0
    assert verdicts["pass"] > 1400
