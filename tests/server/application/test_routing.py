import pytest

from oauth_gauntlet_server.application.routing import Route, route_of


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


def test_the_route_of_a_path_without_tenant():
    assert route_of("/") == Route(tenant="", endpoint="other", path="/")
