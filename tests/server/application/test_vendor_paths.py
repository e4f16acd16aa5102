import pytest

from oauth_gauntlet_server import MockServer, Tenants, faults
from oauth_gauntlet_server.application.routing import Route
from oauth_gauntlet_server.application.vendor_paths import vendor_route
from oauth_gauntlet_server.tenancy.tenant_paths import endpoint_of

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}
PATHS = {"token": ["oauth2/v1/token", "oauth2/*/v1/token"], "metadata": "/v2.0/.well-known/openid-configuration"}


@pytest.mark.parametrize(
    ("path", "endpoint"),
    [
        ("oauth2/v1/token", "token"),
        ("oauth2/any/v1/token", "token"),
        ("oauth2//v1/token", None),
        ("oauth2/v1/token/", None),
        ("oauth2/v1", None),
        ("v2.0/.well-known/openid-configuration", "metadata"),
        ("", None),
    ],
)
def test_the_endpoint_at_a_path(path, endpoint):
    assert endpoint_of(path, PATHS) == endpoint


def test_a_route_leads_to_the_path_that_the_handlers_know():
    route = vendor_route(Route(tenant="t", endpoint="other", path="/t/oauth2/x/v1/token", preset="slow"), PATHS)
    assert route == Route(tenant="t", endpoint="token", path="/t/token", preset="slow")
    unchanged = Route(tenant="t", endpoint="other", path="/t/oauth2")
    assert vendor_route(unchanged, PATHS) is unchanged
    metadata = vendor_route(Route(tenant="t", endpoint="other", path="/t/v2.0/.well-known/openid-configuration"), PATHS)
    assert (metadata.endpoint, metadata.path) == ("metadata", "/t/.well-known/openid-configuration")


def test_further_paths_of_a_tenant_work_with_faults_and_in_the_journal(server, http):
    tenant = server.tenant(strict=False, paths={"token": "oauth2/v2.0/token", "jwks": "discovery/keys"})
    assert "access_token" in http.post(f"{tenant.issuer}/oauth2/v2.0/token", data=FORM).json()
    assert "access_token" in http.post(f"{tenant.issuer}/token", data=FORM).json()
    assert "keys" in http.get(f"{tenant.issuer}/discovery/keys").json()
    assert http.post(f"{tenant.issuer}/faults/invalid-grant/oauth2/v2.0/token", data=FORM).json()["error"] == "invalid_grant"
    armed = tenant.arm(faults.http_status(503))
    assert http.post(f"{tenant.issuer}/oauth2/v2.0/token", data=FORM).status_code == 503
    assert armed.fired == 1
    assert [each.endpoint for each in tenant.journal.exchanges()] == ["token", "token", "jwks", "token", "token"]
    assert http.post(f"{tenant.issuer}/oauth2/v1.0/token", data=FORM).status_code == 404


def test_only_a_server_that_is_like_a_vendor_has_paths_at_its_root(http):
    with MockServer(tenants=Tenants(auto_create=True, like="keycloak")) as server:
        url = f"{server.base_url}/realms/shop/protocol/openid-connect"
        assert "refresh_expires_in" in http.post(f"{url}/token", data=FORM).json()
        assert "keys" in http.get(f"{url}/certs").json()
        assert http.get(f"{server.base_url}/realms/shop/.well-known/openid-configuration").json()["token_endpoint"]
        assert server.tenants.names() == ("default",)
        assert "refresh_expires_in" in http.post(f"{server.base_url}/other/token", data=FORM).json(), "on request, too"
    with MockServer(tenants=Tenants(auto_create=False)) as server:
        assert http.post(f"{server.base_url}/realms/shop/protocol/openid-connect/token", data=FORM).status_code == 404


def test_the_urls_of_a_tenant_and_its_metadata_name_the_first_path_without_a_star(server, http):
    tenant = server.tenant(paths={"token": ["a/*/token", "b/token", "c/token"], "jwks": "*/keys", "metadata": "m"})
    assert tenant.token_url == f"{tenant.issuer}/b/token"
    assert tenant.jwks_uri == f"{tenant.issuer}/jwks"
    assert http.get(tenant.metadata_url).json()["token_endpoint"] == tenant.token_url
    tenant.configure(paths={})
    assert tenant.token_url == f"{tenant.issuer}/token"
