"""The SCIM service provider behind the tenant's tokens; each tenant has its own."""

import importlib.util
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from oauth_gauntlet_server import MockServer, faults
from oauth_gauntlet_server.application import scim

USER = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "bjensen"}


@pytest.fixture(scope="module")
def server():
    scim.load()
    with MockServer() as running:
        yield running


@pytest.fixture
def tenant(server):
    return server.tenant()


@pytest.fixture
def provider(tenant):
    token = tenant.mint_access_token("connector", username="admin", expires_in=3600)
    with httpx2.Client(
        base_url=tenant.scim_url,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"},
        trust_env=False,
    ) as client:
        yield client


def test_the_service_provider_config(provider, tenant):
    response = provider.get("/ServiceProviderConfig")
    assert response.status_code == 200
    document = response.json()
    assert document["schemas"] == ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"]
    assert [scheme["type"] for scheme in document["authenticationSchemes"]] == ["oauthbearertoken"]
    assert document["meta"]["location"] == f"{tenant.scim_url}/ServiceProviderConfig"


def test_a_user_is_created_found_changed_and_deleted(provider, tenant):
    created = provider.post("/Users", content=json.dumps(USER))
    assert created.status_code == 201
    place = created.headers["location"]
    assert place == f"{tenant.scim_url}/Users/{created.json()['id']}"
    found = provider.get("/Users", params={"filter": 'userName eq "bjensen"'}).json()
    assert [user["userName"] for user in found["Resources"]] == ["bjensen"]
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": "displayName", "value": "Barbara"}],
    }
    assert provider.patch(place, content=json.dumps(patch)).status_code in {200, 204}
    assert provider.get(place).json()["displayName"] == "Barbara"
    assert provider.delete(place).status_code == 204
    gone = provider.get(place)
    assert gone.status_code == 404
    assert gone.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


def test_each_tenant_has_its_own_store(server, provider):
    provider.post("/Users", content=json.dumps(USER))
    other = server.tenant()
    token = other.mint_access_token("connector", username="admin")
    listed = httpx2.get(f"{other.scim_url}/Users", headers={"Authorization": f"Bearer {token}"}, trust_env=False).json()
    assert listed["totalResults"] == 0


def test_a_request_without_a_valid_token_gets_a_challenge(provider, tenant):
    bare = httpx2.get(f"{tenant.scim_url}/Users", trust_env=False)
    assert bare.status_code == 401
    assert bare.headers["www-authenticate"] == 'Bearer realm="oauth-gauntlet"'
    tenant.clock.advance(3601)
    late = provider.get("/Users")
    assert late.status_code == 401
    assert 'error="invalid_token"' in late.headers["www-authenticate"]


def test_exchanges_are_recorded_and_faults_fire(provider, tenant):
    tenant.arm(faults.http_status(503, "later"), endpoint="scim", times=1)
    assert provider.get("/Users").status_code == 503
    assert provider.get("/Users").status_code == 200
    first, second = tenant.journal.exchanges("scim")
    assert first.faults == ("http_status",)
    assert second.request.target == f"/{tenant.name}/scim/v2/Users"


def test_concurrent_callers_all_get_their_user(provider):
    def create(number):
        return provider.post("/Users", content=json.dumps({**USER, "userName": f"user-{number}"})).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(create, range(24))) == {201}
    assert provider.get("/Users").json()["totalResults"] == 24


def test_a_store_is_bounded(provider, monkeypatch):
    monkeypatch.setattr(scim, "MOST_RESOURCES", 2)
    codes = [provider.post("/Users", content=json.dumps({**USER, "userName": f"u{n}"})).status_code for n in range(3)]
    assert codes == [201, 201, 507]


def test_without_the_extra_the_error_names_what_to_install(provider, monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "scim2_server" else found(name, *more))
    response = provider.get("/Users")
    assert response.status_code == 501
    assert response.json()["error_description"] == "SCIM needs scim2-server: pip install 'oauth-gauntlet[scim]'"


def test_after_load_the_first_request_imports_nothing_of_scim():
    program = """
import sys
from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.application import scim
assert not any(name.startswith("scim2") for name in sys.modules)
scim.load()
loaded = set(sys.modules)
import httpx2
with MockServer() as server:
    tenant = server.tenant()
    token = tenant.mint_access_token("connector", username="admin", expires_in=3600)
    url = f"{tenant.scim_url}/ServiceProviderConfig"
    assert httpx2.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 200
print(sorted(name for name in set(sys.modules) - loaded if name.startswith("scim2")))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.returncode) == ("[]\n", 0), done.stderr
