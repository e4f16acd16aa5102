"""The identities of stories."""

import pytest

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.story.identity import identity


@pytest.mark.parametrize("grant", [grant for grant in GrantType if grant is not GrantType.REFRESH_TOKEN])
def test_no_two_stories_share_an_identity(grant):
    values = [value for story in (1, 2) for other in (False, True) for value in identity(grant, story, other=other).values()]
    assert len(values) == len(set(values)) >= 4


def test_a_refresh_token_is_an_identity_by_itself():
    assert identity(GrantType.REFRESH_TOKEN, 1, other=True) == {}
