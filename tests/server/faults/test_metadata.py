import pytest
import requests

from oauth_gauntlet_server.faults.metadata import KeySet, MetadataMember


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


def read(url):
    return requests.get(url, timeout=60).json()


def test_a_member_is_changed_or_removed_at_both_metadata_urls(tenant):
    tenant.arm(MetadataMember(member="issuer", value="https://other.example"))
    tenant.arm(MetadataMember(member="jwks_uri"))
    for url in (tenant.metadata_url, f"{tenant.issuer}/.well-known/oauth-authorization-server"):
        document = read(url)
        assert document["issuer"] == "https://other.example"
        assert "jwks_uri" not in document
        assert document["token_endpoint"] == tenant.token_url


def test_an_endpoint_on_another_origin_answers(tenant, server):
    tenant.arm(MetadataMember(member="token_endpoint", value="{other_origin}/" + f"{tenant.name}/token"))
    endpoint = read(tenant.metadata_url)["token_endpoint"]
    assert not endpoint.startswith(server.base_url)
    requests.post(endpoint, {"secret": "s"}, timeout=60)
    assert tenant.journal.requests("other_origin")[0].form_value("secret") == "s"


def test_key_sets_are_changed(tenant):
    genuine = {key["kid"]: key for key in read(tenant.jwks_uri)["keys"]}
    seen = {}
    for change in ("rotated", "foreign", "empty", "without-kid"):
        tenant.clear_faults()
        tenant.arm(KeySet(change=change))
        seen[change] = read(tenant.jwks_uri)["keys"]
    assert seen["empty"] == []
    assert [key | {"kid": kid} for key, kid in zip(seen["without-kid"], genuine, strict=True)] == list(genuine.values())
    assert {key["kid"] for key in seen["foreign"]} == set(genuine)
    assert all(genuine[key["kid"]] != key for key in seen["foreign"])
    assert not {key["kid"] for key in seen["rotated"]} & set(genuine)


def test_faults_of_metadata_do_not_match_the_token_endpoint(tenant):
    armed = [tenant.arm(MetadataMember(member="issuer")), tenant.arm(KeySet())]
    form = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
    assert requests.post(tenant.token_url, form, timeout=60).status_code == 200
    assert [each.matched for each in armed] == [0, 0]
