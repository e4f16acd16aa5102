"""The settings of a tenant that is like a vendor's server: those of the profile, then the tenant's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from oauth_gauntlet_server.tenancy.settings_json import settings_from
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.vendors import profile


def settings_with_profile(own: Mapping[str, Any]) -> TenantSettings:
    """Return settings; those that `own` contains take precedence over the profile that its member ``like`` names.

    Raises:
        TypeError: a setting does not exist.
        ProfileError: there is no profile of that name.
    """
    return TenantSettings(**with_profile(own))


def with_profile(own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of the profile that the member ``like`` names, with those of `own` in their place.

    Raises:
        ProfileError: there is no profile of that name.
    """
    like = own.get("like")
    return dict(own) if like is None else {**settings_from(profile(like).settings), **own}
