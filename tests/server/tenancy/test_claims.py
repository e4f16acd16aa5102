import pytest

from oauth_gauntlet_server import RegisteredClient, TenantSettings, User
from oauth_gauntlet_server.tenancy.claims import configured_claims

SETTINGS = TenantSettings(
    claims={"from": "tenant", "t": 1},
    claims_by_scope={"a": {"from": "a", "a": 1}, "b": {"from": "b", "b": 1}, "c": {"from": "c"}},
)
CLIENT = RegisteredClient(client_id="c", claims={"from": "client", "c": 1})
USER = User(username="u", password="p", claims={"from": "user", "u": 1})


@pytest.mark.parametrize(
    ("scope", "client", "user", "claims"),
    [
        ("", None, None, {"from": "tenant", "t": 1}),
        ("a", None, None, {"from": "a", "t": 1, "a": 1}),
        ("b a", None, None, {"from": "a", "t": 1, "a": 1, "b": 1}),
        ("unknown", None, None, {"from": "tenant", "t": 1}),
        ("a", CLIENT, None, {"from": "client", "t": 1, "a": 1, "c": 1}),
        ("a", CLIENT, USER, {"from": "user", "t": 1, "a": 1, "c": 1, "u": 1}),
        ("", None, USER, {"from": "user", "t": 1, "u": 1}),
    ],
)
def test_the_more_specific_claim_wins(scope, client, user, claims):
    assert configured_claims(SETTINGS, scope=scope, client=client, user=user) == claims
