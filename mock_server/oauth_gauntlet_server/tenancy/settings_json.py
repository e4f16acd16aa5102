"""Convert settings of a JSON or TOML document to the fields of `TenantSettings`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from oauth_gauntlet_server.tenancy.model import RotationPolicy
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

NO_LIMIT = "none"
"""What a number without limit is in TOML, which has no null."""

LIMITS = frozenset(each.name for each in fields(TenantSettings) if each.type == "int | None") - {"clock_skew_s"}
"""The settings that are a number or no limit. (A clock skew of None is the default one, not an unlimited one.)"""

_SETS = frozenset({"refresh_token_grants", "request_styles"})


def settings_from(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of `TenantSettings` that a document contains; its values match the schemas of the control API."""
    found = dict(document)
    for name, value in document.items():
        if name in LIMITS and value == NO_LIMIT:
            found[name] = None
        elif name in _SETS:
            found[name] = frozenset(value)
        elif name == "rotation":
            found[name] = RotationPolicy(value)
    return found
