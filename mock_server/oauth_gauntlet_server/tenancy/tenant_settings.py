"""The settings of a tenant, as an immutable value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeAlias

from oauth_gauntlet_server.tenancy.model import PASSWORD, RotationPolicy
from oauth_gauntlet_server.tenancy.token_rules import TokenRules

FORM = "form"
JSON = "json"
QUERY = "query"
REQUEST_STYLES = (FORM, JSON, QUERY)
"""Where the parameters of a token request may be."""

SCOPE_SEPARATORS = (" ", ",")
"""What may separate scope tokens: RFC 6749 §3.3 says a space, some servers a comma."""

Paths: TypeAlias = Mapping[str, str | Sequence[str]]
"""One path or several by the name of an endpoint, each relative to the tenant; a segment ``*`` is any segment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantSettings(TokenRules):
    """The settings of a tenant; those about more than one token of a client are `TokenRules`.

    Lifetimes and clock skew are in seconds.

    A `strict` tenant accepts only registered clients, users and issuers, and checks everything; a lenient
    tenant (`strict` is False) grants every well-formed request. With an `access_token_lifetime_s` of None the
    token response has no expires_in.

    `access_token_format` is ``opaque`` or ``jwt``. `access_token_typ` is the typ in the header of a JWT: ``JWT``, or
    ``at+jwt`` (RFC 9068 §2.1), which many resource servers reject unless they are told to expect it.

    `most_assertion_lifetime_s` limits how far the exp of an assertion may be in the future, and its iat in the past;
    None: no limit. With `assertions_once` an assertion that has a jti is accepted once. RFC 7523 §3 leaves both to
    the server.

    `claims` are added to access tokens: to the claims of a JWT, and to the introspection response;
    `claims_by_scope` those of each scope token that is granted. `claims_from_parameters` maps a token request
    parameter to the claim that takes its value; a parameter that is repeated becomes a list. For claims of the same
    name the order is: request parameter, user, client, scope, tenant. `audience_from_parameters`: the parameters
    audience and resource become the claim aud; None: in a lenient tenant. `token_response_members` are added to the
    token response, besides the members of RFC 6749 §5.1.

    The journal keeps the last `journal_capacity` exchanges.

    The others make a tenant differ from the standard as a vendor's server does; `like` names the vendor whose profile the
    settings come from. `request_styles`: where parameters may be. `grant_type_aliases`: the grants that further values of
    grant_type mean. `paths`: where the endpoints are too. `scope_separator`: what is between scope tokens. `token_answer`
    and `error_answers` are templates of the answers, see `oauth.answer_style`.
    """

    strict: bool = True
    access_token_lifetime_s: int | None = 3600
    refresh_token_lifetime_s: int | None = None
    rotation: RotationPolicy = RotationPolicy.KEEP
    access_token_format: str = "opaque"
    access_token_typ: str = "JWT"
    signing_algorithm: str = "ES256"
    refresh_token_grants: frozenset[str] = frozenset({PASSWORD})
    default_scope: str = ""
    most_assertion_lifetime_s: int | None = None
    assertions_once: bool = True
    clock_skew_s: int = 60
    token_in_query: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_by_scope: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)
    audience_from_parameters: bool | None = None
    token_response_members: Mapping[str, Any] = field(default_factory=dict)
    journal_capacity: int = 1000
    request_styles: frozenset[str] = frozenset({FORM})
    grant_type_aliases: Mapping[str, str] = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)
    scope_separator: str = " "
    token_answer: Mapping[str, Any] = field(default_factory=dict)
    error_answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    like: str | None = None


ON_REQUEST: Mapping[str, Any] = MappingProxyType({"strict": False, "access_token_format": "jwt", "signing_algorithm": "RS256"})
"""The settings of a tenant that the first use of its name creates, and of the tenant ``default`` of ``serve``.

RS256 is the one algorithm that every verifier of access tokens knows (RFC 9068 §2.1), and often the only one by default.
"""
