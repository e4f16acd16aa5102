import pytest

from oauth_gauntlet_server.oauth.metadata import metadata, openid_configuration


@pytest.mark.parametrize(
    ("suffix", "document"), [("oauth-authorization-server", metadata), ("openid-configuration", openid_configuration)]
)
def test_metadata_has_an_inserted_and_an_appended_url_for_each_suffix(strict, http, suffix, document):
    server, _, name = strict.issuer.rpartition("/")
    for url in (f"{server}/.well-known/{suffix}/{name}", f"{server}/{name}/.well-known/{suffix}"):
        assert http.get(url).json() == document(strict.urls)
    assert (document(strict.urls)["issuer"], document(strict.urls)["token_endpoint"]) == (strict.issuer, strict.token_url)
    assert strict.journal.count("metadata") == 2


def test_the_openid_configuration_adds_what_its_clients_read_and_no_endpoint(strict):
    """OpenID Connect Discovery 1.0 §3: the algorithms MUST include RS256."""
    added = {name: value for name, value in openid_configuration(strict.urls).items() if name not in metadata(strict.urls)}
    assert added == {
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "EdDSA"],
    }


def test_the_algorithms_of_the_published_keys_are_advertised(strict, http):
    published = {key["alg"] for key in http.get(strict.jwks_uri).json()["keys"]}
    assert published
    assert published <= set(openid_configuration(strict.urls)["id_token_signing_alg_values_supported"])


@pytest.mark.parametrize("suffix", ["oauth-authorization-server", "openid-configuration"])
def test_faults_of_the_metadata_fire_at_each_place(strict, http, suffix):
    from oauth_gauntlet_server import faults

    strict.arm(faults.fault("metadata_member", member="issuer", value="https://other.example"))
    server, _, name = strict.issuer.rpartition("/")
    places = (
        f"/.well-known/{suffix}/{name}",
        f"/{name}/.well-known/{suffix}",
        f"/{name}/faults/wrong-issuer/.well-known/{suffix}",
    )
    assert {http.get(server + place).json()["issuer"] for place in places} == {"https://other.example"}


@pytest.mark.parametrize("member", ["token_endpoint", "jwks_uri", "introspection_endpoint", "revocation_endpoint"])
def test_every_endpoint_in_the_metadata_exists(strict, http, member):
    url = metadata(strict.urls)[member]
    answer = http.get(url) if member == "jwks_uri" else http.post(url)
    assert answer.status_code in ({200} if member == "jwks_uri" else {400, 401})
