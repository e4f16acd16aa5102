from dataclasses import fields

from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs


def test_there_is_one_url_for_each_row_of_the_table_of_endpoints():
    assert {field.name for field in fields(TenantURLs)} == {"base_url", "browser_base_url", "issuer", *BY_URL_NAME}


def test_a_tenant_has_the_same_urls_as_attributes():
    tenant = Tenant(name="t", base_url="http://h")
    assert {name: getattr(tenant, name) for name in ("issuer", *BY_URL_NAME)} == {
        name: getattr(tenant.urls, name) for name in ("issuer", *BY_URL_NAME)
    }


def test_the_well_known_path_comes_before_the_path_of_the_base_url():
    """RFC 8414 §3.1."""
    urls = TenantURLs.below("https://h:1/auth", "t")
    assert urls.issuer == "https://h:1/auth/t"
    assert urls.token_url == "https://h:1/auth/t/token"
    assert urls.metadata_url == "https://h:1/.well-known/oauth-authorization-server/auth/t"


def test_the_browser_has_the_same_base_url_unless_the_server_has_another():
    assert TenantURLs.below("http://auth:8080", "t").browser_base_url == "http://auth:8080"
    urls = TenantURLs.below("http://auth:8080", "t", browser_url="http://localhost:8080")
    assert (urls.base_url, urls.browser_base_url) == ("http://auth:8080", "http://localhost:8080")
