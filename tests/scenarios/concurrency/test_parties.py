"""How a finding says why a token got to the wrong client."""

import pytest

from oauth_gauntlet_scenarios.concurrency.parties import kept_without


@pytest.mark.parametrize(
    ("sent", "text"),
    [(0, "tokens are kept without their scope"), (1, "the request was made with the scope of another one")],
)
def test_a_cache_and_a_request_are_different_causes(sent, text):
    assert kept_without("scope", sent=sent) == text
