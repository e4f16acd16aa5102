from oauth_gauntlet.protocol import GrantType


def test_the_urn_of_a_grant_has_a_short_name():
    assert [grant.short for grant in GrantType] == ["refresh_token", "client_credentials", "jwt-bearer", "password"]
    assert GrantType("urn:ietf:params:oauth:grant-type:jwt-bearer").short == "jwt-bearer"
