import pytest

from oauth_gauntlet_server.oauth.metadata import metadata


def test_metadata_has_two_urls(strict, http):
    inserted = http.get(strict.metadata_url).json()
    assert inserted == http.get(f"{strict.issuer}/.well-known/oauth-authorization-server").json() == metadata(strict)
    assert (inserted["issuer"], inserted["token_endpoint"]) == (strict.issuer, strict.token_url)


@pytest.mark.parametrize("member", ["token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"])
def test_every_endpoint_in_the_metadata_exists(strict, http, member):
    url = metadata(strict)[member]
    answer = http.get(url) if member == "jwks_uri" else http.post(url)
    assert answer.status_code in ({200} if member == "jwks_uri" else {400, 401})
