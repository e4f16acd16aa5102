"""Identifiers of several assertions."""

import pytest

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.model import Mark
from oauth_gauntlet_scenarios.jwt.required_claims import require_jti_of_its_own


def judged(*claims):
    made = [witness.Assertion(text="", header={}, claims=each, signature=b"") for each in claims]
    require_jti_of_its_own(made, Mark(text="assertion="))


@pytest.mark.parametrize(
    "claims",
    [
        [{"jti": "1", "exp": 1}, {"jti": "2", "exp": 2}],
        [{"jti": "1", "exp": 1}, {"jti": "1", "exp": 1}],
        [{"exp": 1}, {"exp": 2}],
        [{"jti": "1"}, {"jti": 1}],
    ],
    ids=["other", "same-assertion", "none", "types"],
)
def test_an_assertion_may_be_sent_twice_and_have_no_jti(claims):
    judged(*claims)


def test_other_claims_need_another_jti():
    with pytest.raises(Breach, match="has the jti of the one before: '1'"):
        judged({"jti": "1", "exp": 1}, {"jti": "2", "exp": 1}, {"jti": "1", "exp": 3})
