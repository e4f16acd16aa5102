import pytest

from oauth_gauntlet_server.http.base_url import BaseURLError, BaseURLSource
from oauth_gauntlet_server.tenancy.naming import Naming
from oauth_gauntlet_server.tenancy.tenants import Tenants


def test_hosts_origins_and_path_come_from_the_urls_of_the_user():
    naming = Naming(public_url="http://[::1]:1/auth/", browser_url="https://login.example")
    assert naming.urls == ("http://[::1]:1/auth", "https://login.example")
    assert naming.hosts == {"::1", "login.example"}
    assert naming.origins == {"http://[::1]:1", "https://login.example"}
    assert naming.path == "/auth"
    assert (Naming().hosts, Naming().origins, Naming().path) == (frozenset(), frozenset(), "")


@pytest.mark.parametrize("name", ["public_url", "browser_url"])
def test_what_is_no_base_url_is_rejected(name):
    with pytest.raises(BaseURLError, match="expected http"):
        Naming(**{name: "auth:8080"})


def test_a_public_url_and_requests_cannot_both_decide():
    with pytest.raises(ValueError, match="leave one of the two out"):
        Naming(public_url="http://a", source=BaseURLSource.HOST)


def test_tenants_have_the_public_url_and_a_tenant_may_have_its_own():
    tenants = Tenants(naming=Naming(public_url="http://auth:8080", browser_url="http://localhost:8080"))
    assert tenants.create("a").issuer == "http://auth:8080/a"
    assert tenants.find("a").urls.browser_base_url == "http://localhost:8080"
    own = tenants.create("b", base_url="https://login.example.com/")
    assert (own.issuer, own.urls.browser_base_url) == ("https://login.example.com/b", "https://login.example.com")


def test_a_tenant_follows_requests_only_where_that_was_asked():
    assert Tenants().create("a").urls_at("http://x").issuer == "http://127.0.0.1:8080/a"
    following = Tenants(naming=Naming(source=BaseURLSource.HOST))
    tenant = following.create("a")
    assert tenant.urls_at("http://x").issuer == "http://x/a"
    assert tenant.urls_at(None) is tenant.urls
    assert following.create("b", base_url="https://own.example").urls_at("http://x").issuer == "https://own.example/b"
    assert tenant.is_issuer("http://x/a")
    assert not tenant.is_issuer("http://x/b")
    assert not Tenants().create("a").is_issuer("http://x/a")
