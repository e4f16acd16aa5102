"""Clients for the tests of stories."""

import pytest

from oauth_gauntlet.protocol import Token
from tests.scenarios.story.puppet import Puppet


@pytest.fixture
def client():
    return Puppet()


@pytest.fixture
def holding(client):
    """A client that has returned a token of one hour, `client.held`."""
    client.answers(lambda: client.issued("first-token")).get_token()
    client.held = Token(access_token="first-token")
    return client
