import pytest

from oauth_gauntlet_server.oauth.metadata import metadata


@pytest.mark.parametrize("suffix", ["oauth-authorization-server", "openid-configuration"])
def test_metadata_has_an_inserted_and_an_appended_url_for_each_suffix(strict, http, suffix):
    server, _, name = strict.issuer.rpartition("/")
    for url in (f"{server}/.well-known/{suffix}/{name}", f"{server}/{name}/.well-known/{suffix}"):
        assert http.get(url).json() == metadata(strict)
    assert (metadata(strict)["issuer"], metadata(strict)["token_endpoint"]) == (strict.issuer, strict.token_url)
    assert strict.journal.count("metadata") == 2


@pytest.mark.parametrize("member", ["token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"])
def test_every_endpoint_in_the_metadata_exists(strict, http, member):
    url = metadata(strict)[member]
    answer = http.get(url) if member == "jwks_uri" else http.post(url)
    assert answer.status_code in ({200} if member == "jwks_uri" else {400, 401})
