"""Find the endpoint that the setting `paths` of a tenant has at a path."""

from __future__ import annotations

from oauth_gauntlet_server.tenancy.tenant_settings import Paths

ANY_SEGMENT = "*"


def endpoint_of(path: str, paths: Paths) -> str | None:
    """Return the name of the endpoint at a path without a slash at its start, or None."""
    segments = path.split("/")
    for name, given in paths.items():
        for each in (given,) if isinstance(given, str) else given:
            wanted = each.strip("/").split("/")
            if len(wanted) == len(segments) and all(
                segment == want or (want == ANY_SEGMENT and segment) for segment, want in zip(segments, wanted, strict=True)
            ):
                return name
    return None
