"""Find the endpoint at a path that a vendor's server has, and ours has elsewhere; pure functions."""

from __future__ import annotations

from dataclasses import replace

from oauth_gauntlet_server.application.routing import Route
from oauth_gauntlet_server.http.endpoints import BY_NAME, OPENID_CONFIGURATION
from oauth_gauntlet_server.tenancy.tenant_paths import endpoint_of
from oauth_gauntlet_server.tenancy.tenant_settings import Paths


def vendor_route(route: Route, paths: Paths) -> Route:
    """Return where a path below a tenant leads that has these further paths; the same route where they lead nowhere."""
    start = f"/{route.tenant}/"
    if not paths or not route.path.startswith(start):
        return route
    rest = route.path.removeprefix(start)
    name = endpoint_of(rest, paths)
    if name is None:
        return route
    # The metadata has two paths, which may answer differently.
    path = OPENID_CONFIGURATION if rest.endswith(OPENID_CONFIGURATION) else BY_NAME[name].path
    return replace(route, endpoint=name, path=f"{start}{path}")
