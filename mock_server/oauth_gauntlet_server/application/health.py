"""The document at ``/health``: whether the server answers, and how much it holds."""

from __future__ import annotations

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from oauth_gauntlet_server.tenancy.tenants import Tenants

DISTRIBUTION = "oauth-gauntlet"


def health(tenants: Tenants) -> dict[str, Any]:
    """Return the members of the document; a new figure of the server is a new member here."""
    return {
        "status": "ok",
        "version": server_version(),
        "tenants": len(tenants.names()),
        "memory": tenants.memory_use().to_json(),
    }


@cache
def server_version() -> str:
    """Return the version of this package; "unknown" in a copy that is not installed."""
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "unknown"
