"""Which refusals of a story ask for a renewal."""

from collections import Counter

from oauth_gauntlet_scenarios.resource.refusal_forms import FREE, OF_SCOPE, SPELLED
from oauth_gauntlet_scenarios.story.refusals import REFUSALS, Renewal


def test_each_form_is_a_refusal_with_a_name_of_its_own():
    assert len(REFUSALS) == len(FREE) + len(OF_SCOPE) + len(SPELLED)
    assert all(name == refusal.name for name, refusal in REFUSALS.items())


def test_only_a_token_that_is_invalid_in_so_many_words_must_be_renewed():
    status = {name: (refusal.fault.status, refusal.renewal) for name, refusal in REFUSALS.items()}
    assert status["unquoted"] == (401, Renewal.EXPECTED)
    assert status["bare"] == (401, Renewal.FREE)
    assert status["403-invalid-token"] == (403, Renewal.FREE)
    assert status["403 unquoted"] == (403, Renewal.USELESS)
    assert Counter(renewal for _, renewal in status.values()) == {
        Renewal.EXPECTED: len(SPELLED),
        Renewal.FREE: len(FREE),
        Renewal.USELESS: len(OF_SCOPE),
    }
