"""Each generated example configures the client with an identity of its own."""

import pytest

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.generated import begin_example


class Puppet:
    def __init__(self, grant):
        self.grant = grant
        self.configured = []

    def fresh(self, **changes):
        self.configured.append(changes)


@pytest.mark.parametrize(
    ("grant", "key"),
    [
        (GrantType.CLIENT_CREDENTIALS, "client_id"),
        (GrantType.PASSWORD, "client_id"),
        (GrantType.REFRESH_TOKEN, "client_id"),
        (GrantType.JWT_BEARER, "jwt_subject"),
    ],
)
def test_other_examples_have_other_identities_and_the_same_one_has_the_same(grant, key):
    client = Puppet(grant)
    for example in ({"a": "\ud800"}, b"\xff", {"a": "\ud800"}):
        begin_example(client, example)
    names = [changes.pop(key) for changes in client.configured]
    assert client.configured == [{}, {}, {}]
    assert names[0] == names[2] != names[1]
    assert all(name.startswith("example-") and name.isascii() for name in names)
