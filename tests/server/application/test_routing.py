import pytest

from oauth_gauntlet_server.application.routing import Route, below_mount, route_of


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/t/token", ("t", "token")),
        ("/t/introspect", ("t", "introspect")),
        ("/t/revoke", ("t", "revoke")),
        ("/t/resource", ("t", "resource")),
        ("/t/resource/a/b", ("t", "resource")),
        ("/t/jwks", ("t", "jwks")),
        ("/t/.well-known/oauth-authorization-server", ("t", "metadata")),
        ("/.well-known/oauth-authorization-server/t", ("t", "metadata")),
        ("/.well-known/oauth-authorization-server/t/", ("t", "metadata")),
        ("/t/.well-known/openid-configuration", ("t", "metadata")),
        ("/.well-known/openid-configuration/t", ("t", "metadata")),
        ("/t/faults/slow/token", ("t", "token")),
        ("/t/faults/slow/jwks", ("t", "jwks")),
        ("/t/faults/slow", ("t", "other")),
        ("/t/elsewhere", ("t", "other")),
        ("/t/", ("t", "other")),
        ("/t", ("", "other")),
        ("/", ("", "other")),
        ("", ("", "other")),
        ("*", ("", "other")),
        ("//token", ("", "other")),
        ("/.well-known/x", ("", "other")),
        ("/_control/tenants", ("", "other")),
    ],
)
def test_tenant_and_endpoint_of_a_path(path, place):
    route = route_of(path)
    assert (route.tenant, route.endpoint) == place


@pytest.mark.parametrize(
    ("path", "seen", "preset"),
    [
        ("/t/token", "/t/token", None),
        ("/t/faults/slow/token", "/t/token", "slow"),
        ("/t/faults/slow/resource/faults/x", "/t/resource/faults/x", "slow"),
        ("/t/faults/slow", "/t/", "slow"),
        ("/t/faults/", "/t/", ""),
        ("/t/faults/slow/", "/t/", "slow"),
        ("/t/faults//token", "/t/token", ""),
        ("/t/resource/faults/slow", "/t/resource/faults/slow", None),
        ("/t/moved/token", "/t/token", None),
        ("/t/moved/faults/slow/token", "/t/token", "slow"),
        ("/t/faults/slow/moved/token", "/t/moved/token", "slow"),
        ("/t/resource/moved/x", "/t/resource/moved/x", None),
        ("/.well-known/oauth-authorization-server/t", "/.well-known/oauth-authorization-server/t", None),
        ("/_control/faults/slow/x", "/_control/faults/slow/x", None),
    ],
)
def test_the_endpoint_sees_the_path_without_markers(path, seen, preset):
    route = route_of(path)
    assert (route.path, route.preset) == (seen, preset)


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/auth/t/token", "/t/token"),
        ("/auth/_console/", "/_console/"),
        ("/t/token", "/t/token"),
        ("/auth", "/auth"),
        ("/authentic/token", "/authentic/token"),
        ("/t/auth/token", "/t/auth/token"),
        ("/.well-known/oauth-authorization-server/auth/t", "/.well-known/oauth-authorization-server/t"),
        ("/.well-known/openid-configuration/auth/t", "/.well-known/openid-configuration/t"),
        ("/.well-known/openid-configuration/t", "/.well-known/openid-configuration/t"),
        ("/auth/.well-known/openid-configuration/t", "/.well-known/openid-configuration/t"),
    ],
)
def test_the_path_of_the_public_url_may_be_there(path, below):
    assert below_mount(path, mount="/auth") == below
    assert below_mount(path, mount="") == path


@pytest.mark.parametrize(
    ("path", "below"),
    [
        ("/.well-known/oauth-authorization-server/a/b/t", "/.well-known/oauth-authorization-server/t"),
        ("/.well-known/oauth-authorization-server/a/t", "/.well-known/oauth-authorization-server/a/t"),
        ("/a/b/token", "/a/b/token"),
    ],
)
def test_a_prefix_that_a_proxy_has_removed_is_in_the_inserted_path_only(path, below):
    assert below_mount(path, mount="", base_url="https://h/a/b") == below
    assert below_mount(path, mount="", base_url="https://h") == path


def test_the_route_of_a_path_without_tenant():
    assert route_of("/") == Route(tenant="", endpoint="other", path="/")
