"""Find the tenant, the endpoint and the preset that a path names; pure functions.

A path can contain two markers between tenant and endpoint. ``/faults/<preset>`` asks for a fault for this request only;
``/moved`` is where a redirect to the same origin led. Both are removed by value: the handler of the endpoint sees the
path without them, the recorded request keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet_server.faults.redirect import MOVED
from oauth_gauntlet_server.http.base_url import origin_and_path
from oauth_gauntlet_server.http.endpoints import CONSOLE, CONTROL, HEALTH, METADATA, OPENID_CONFIGURATION, OTHER, endpoint_at

_OWN = (f"{CONTROL}/", f"{CONSOLE}/")

_FAULTS = "/faults/"
_METADATA_PREFIXES = (f"/{METADATA.path}/", f"/{OPENID_CONFIGURATION}/")


def below_mount(path: str, *, mount: str, base_url: str | None = None) -> str:
    """Return a path as the server knows it: without the path `mount` of its public URL, which a proxy may have removed.

    RFC 8414 §3.1 inserts the well-known path before the path of the issuer, and so before `mount`, or before the path of
    the base URL that a request names: a proxy that removes the start of a path does not find it there.
    """
    if mount and path.startswith(f"{mount}/"):
        return path.removeprefix(mount)
    inserted = mount or (origin_and_path(base_url)[1] if base_url else "")
    for prefix in _METADATA_PREFIXES if inserted else ():
        if path.startswith(f"{prefix}{inserted[1:]}/"):
            return prefix + path.removeprefix(f"{prefix}{inserted[1:]}/")
    return path


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where a request goes.

    `tenant` is empty if the path names no tenant. `endpoint` is a name of the table of endpoints. `path` is what the
    endpoint's handler sees; `preset` is the name in the path, known or not.
    """

    tenant: str
    endpoint: str
    path: str
    preset: str | None = None


def is_own(path: str) -> bool:
    """Return whether a path is one of the server's own: control API, console, health. No journal and no log has them."""
    return path == HEALTH or path.startswith(_OWN)


def route_of(path: str) -> Route:
    """Return the route of a decoded path."""
    tenant, endpoint = _tenant_and_endpoint(path)
    if not tenant:
        return Route(tenant="", endpoint=OTHER.name, path=path)
    before, marker, rest = path.partition(MOVED)
    if marker and before.count("/") == 1:
        path = f"{before}/{rest}"
    before, marker, rest = path.partition(_FAULTS)
    if not marker or before.count("/") != 1:
        return Route(tenant=tenant, endpoint=endpoint, path=path)
    preset, _, rest = rest.partition("/")
    return Route(tenant=tenant, endpoint=endpoint, path=f"{before}/{rest}", preset=preset)


def _tenant_and_endpoint(path: str) -> tuple[str, str]:
    if prefix := next((each for each in _METADATA_PREFIXES if path.startswith(each)), None):
        return path.removeprefix(prefix).partition("/")[0], METADATA.name
    parts = path.split("/")
    # Names that start with a dot or an underscore are the server's own: /.well-known, /_control, /_console.
    if len(parts) < 3 or not parts[1] or parts[1].startswith((".", "_")):
        return "", OTHER.name
    at = {"faults": 4, "moved": 3}.get(parts[2], 2)
    return parts[1], endpoint_at(parts[at] if at < len(parts) else parts[2]).name
