from oauth_gauntlet_server.jose.token_signing import TokenSigning


def test_each_value_has_keys_of_its_own():
    assert TokenSigning().keys is not TokenSigning().keys
