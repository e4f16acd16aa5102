"""The settings of a tenant, as an immutable value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oauth_gauntlet_server.tenancy.model import PASSWORD, RotationPolicy
from oauth_gauntlet_server.tenancy.token_rules import TokenRules


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantSettings(TokenRules):
    """The settings of a tenant; those about more than one token of a client are `TokenRules`.

    Lifetimes and clock skew are in seconds.

    A `strict` tenant accepts only registered clients, users and issuers, and checks everything; a lenient
    tenant (`strict` is False) grants every well-formed request. With an `access_token_lifetime_s` of None the
    token response has no expires_in. `most_assertion_lifetime_s` limits how far the exp of an assertion may be in
    the future, and its iat in the past; None: no limit. With `assertions_once` an assertion that has a jti is
    accepted once. RFC 7523 §3 leaves both to the server. `claims` are added to access tokens: to the claims of a
    JWT, and to the introspection response. `claims_from_parameters` maps a token request parameter to the claim
    that takes its value. `token_response_members` are added to the token response, besides the members of
    RFC 6749 §5.1.
    """

    strict: bool = True
    access_token_lifetime_s: int | None = 3600
    refresh_token_lifetime_s: int | None = None
    rotation: RotationPolicy = RotationPolicy.KEEP
    access_token_format: str = "opaque"
    signing_algorithm: str = "ES256"
    refresh_token_grants: frozenset[str] = frozenset({PASSWORD})
    default_scope: str = ""
    most_assertion_lifetime_s: int | None = None
    assertions_once: bool = True
    clock_skew_s: int = 60
    token_in_query: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)
    token_response_members: Mapping[str, Any] = field(default_factory=dict)
