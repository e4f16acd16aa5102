"""Find the endpoint that the setting `paths` of a tenant has at a path."""

from __future__ import annotations

from collections.abc import Sequence

from oauth_gauntlet_server.tenancy.tenant_settings import Paths

ANY_SEGMENT = "*"


def endpoint_of(path: str, paths: Paths) -> str | None:
    """Return the name of the endpoint at a path without a slash at its start, or None."""
    segments = path.split("/")
    for name, given in paths.items():
        for each in _each(given):
            wanted = each.split("/")
            if len(wanted) == len(segments) and all(
                segment == want or (want == ANY_SEGMENT and segment) for segment, want in zip(segments, wanted, strict=True)
            ):
                return name
    return None


def first_path(given: str | Sequence[str]) -> str | None:
    """Return the first of an endpoint's paths that names one place, or None; without a slash at its start."""
    return next((each for each in _each(given) if ANY_SEGMENT not in each.split("/")), None)


def _each(given: str | Sequence[str]) -> list[str]:
    return [each.strip("/") for each in ([given] if isinstance(given, str) else given)]
