"""How a tenant behaves, as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oauth_gauntlet_server.tenancy.model import PASSWORD, RotationPolicy


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantSettings:
    """How a tenant behaves. Lifetimes and skews are in seconds.

    `strict`: knows its registered parties and checks everything; otherwise any well-formed request is granted.
    `access_token_lifetime_s` of None leaves expires_in out. `claims` go into access tokens (a JWT's claims, and what
    introspection says), `claims_from_parameters` maps token request parameters to the claims that take their values, and
    `token_response_members` stand in the token document beside the members of RFC 6749 §5.1.
    """

    strict: bool = True
    access_token_lifetime_s: int | None = 3600
    refresh_token_lifetime_s: int | None = None
    rotation: RotationPolicy = RotationPolicy.KEEP
    access_token_format: str = "opaque"
    signing_algorithm: str = "ES256"
    refresh_token_grants: frozenset[str] = frozenset({PASSWORD})
    default_scope: str = ""
    most_assertion_lifetime_s: int = 86_400
    clock_skew_s: int = 60
    token_in_query: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)
    token_response_members: Mapping[str, Any] = field(default_factory=dict)
