"""The settings of a tenant, as an immutable value.

A setting without effect misleads the person who sets it: the test that relies on it tests nothing. Only what can never have
an effect is refused, whatever is registered, minted or requested later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from oauth_gauntlet_server.jose.token_signing import ACCESS_TOKEN_TYPES
from oauth_gauntlet_server.tenancy.model import ACCESS_TOKEN_FORMATS, GRANT_TYPES, PASSWORD, RotationPolicy
from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused, check_types
from oauth_gauntlet_server.tenancy.token_rules import TokenRules

NEVER_ADDED = ("access_token", "token_type")
"""The members that every token response has already: `token_response_members` cannot change them."""

Cors: TypeAlias = Literal["*", "off"] | tuple[str, ...]
"""The origins whose pages may read answers: any, none, or these."""

ANY_ORIGIN: Literal["*"] = "*"
NO_ORIGIN: Literal["off"] = "off"
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

    A `strict` tenant accepts only registered clients, users and issuers, and checks everything. A lenient tenant
    (`strict` is False) grants every well-formed request, and checks beyond that only what a setting asks for.

    With an `access_token_lifetime_s` of None the token response has no expires_in. Three settings are about
    assertions, as grants and of clients; RFC 7523 §3 leaves them to the server. `most_assertion_lifetime_s` limits how
    far exp may be in the future, and iat in the past; None: no limit. `clock_skew_s` is how much the clocks may differ
    where exp, nbf and iat are checked; None: 60. A lenient tenant checks these dates if one of the two is set. With
    `assertions_once` an assertion that has a jti is accepted once; None: in a strict tenant.

    `access_token_format` is ``opaque`` or ``jwt``. `access_token_typ` is the typ in the header of a JWT: ``JWT``, or
    ``at+jwt`` (RFC 9068 §2.1), which many resource servers reject unless they are told to expect it.

    `claims` are added to access tokens: to the claims of a JWT, and to the introspection response;
    `claims_by_scope` those of each scope token that is granted. `claims_from_parameters` maps a token request
    parameter to the claim that takes its value; a parameter that is repeated becomes a list. For claims of the same
    name the order is: request parameter, user, client, scope, tenant. `audience_from_parameters`: the parameters
    audience and resource become the claim aud; None: in a lenient tenant. `token_response_members` are added to the
    token response, besides the members of RFC 6749 §5.1.

    The journal keeps the last `journal_capacity` exchanges.

    `cors` are the origins whose pages may call the tenant from a browser: ``*`` (any), ``off`` (none), or a tuple of
    origins such as ``https://app.example``. It has an effect only on requests with an Origin header field.

    The others make a tenant differ from the standard as a vendor's server does; `like` names the vendor whose profile the
    settings come from. `request_styles`: where parameters may be. `grant_type_aliases`: the grants that further values of
    grant_type mean. `paths`: where the endpoints are too. `scope_separator`: what is between scope tokens. `token_answer`
    and `error_answers` are templates of the answers, see `oauth.answer_style`.

    Raises:
        SettingRefused: a value is not of the type of its field, is out of its range, or can never have an effect.
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
    assertions_once: bool | None = None
    clock_skew_s: int | None = None
    token_in_query: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_by_scope: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)
    audience_from_parameters: bool | None = None
    token_response_members: Mapping[str, Any] = field(default_factory=dict)
    journal_capacity: int = 1000
    cors: Cors = ANY_ORIGIN
    request_styles: frozenset[str] = frozenset({FORM})
    grant_type_aliases: Mapping[str, str] = field(default_factory=dict)
    paths: Paths = field(default_factory=dict)
    scope_separator: str = " "
    token_answer: Mapping[str, Any] = field(default_factory=dict)
    error_answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    like: str | None = None

    def __post_init__(self) -> None:
        check_types(self)
        TokenRules.__post_init__(self)
        for refused in (*_unknown_names(self), *_without_effect(self)):
            raise refused

    @property
    def skew_s(self) -> int:
        """How much the clocks may differ where dates of an assertion are checked."""
        return 60 if self.clock_skew_s is None else self.clock_skew_s

    @property
    def checks_dates(self) -> bool:
        """Whether the dates of an assertion are checked."""
        return self.strict or self.clock_skew_s is not None or self.most_assertion_lifetime_s is not None

    @property
    def refuses_replays(self) -> bool:
        """Whether an assertion that has a jti is accepted once."""
        return self.strict if self.assertions_once is None else self.assertions_once


ON_REQUEST: Mapping[str, Any] = MappingProxyType({"strict": False, "access_token_format": "jwt", "signing_algorithm": "RS256"})
"""The settings of a tenant that the first use of its name creates, and of the tenant ``default`` of ``serve``.

RS256 is the one algorithm that every verifier of access tokens knows (RFC 9068 §2.1), and often the only one by default.
"""


def settings_on_request(like: str | None) -> Mapping[str, Any]:
    """Return the settings of a tenant that a request creates, at a server that is like that vendor's (None: like none)."""
    return ON_REQUEST if like is None else {"strict": False, "like": like}


def _unknown_names(settings: TenantSettings) -> Iterator[SettingRefused]:
    for grant in sorted(settings.refresh_token_grants - GRANT_TYPES):
        yield SettingRefused("refresh_token_grants", f"got {grant!r}", expected=f"some of {', '.join(sorted(GRANT_TYPES))}")
    known: dict[str, tuple[str, ...]] = {"access_token_format": ACCESS_TOKEN_FORMATS, "access_token_typ": ACCESS_TOKEN_TYPES}
    if settings.signing_algorithm not in {"ES256", "RS256"}:
        from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS  # loads cryptography; the defaults do not need it

        known["signing_algorithm"] = SIGNING_ALGORITHMS
    known["scope_separator"] = SCOPE_SEPARATORS
    for style in sorted(settings.request_styles - set(REQUEST_STYLES)):
        yield SettingRefused("request_styles", f"got {style!r}", expected=f"some of {', '.join(REQUEST_STYLES)}")
    for name, values in known.items():
        if getattr(settings, name) not in values:
            yield SettingRefused(name, f"got {getattr(settings, name)!r}", expected=f"one of {', '.join(values)}")


def _without_effect(settings: TenantSettings) -> Iterator[SettingRefused]:
    if settings.rotation is RotationPolicy.KEEP:
        for name, nothing in (("rotation_grace_s", 0), ("rotate_every", 1)):
            if getattr(settings, name) != nothing:
                expected = f"{nothing}, or the rotation rotate or rotate_detect_reuse"
                yield SettingRefused(name, "no effect, because rotation is keep", expected=expected)
    no_new_refresh_token = not settings.refresh_token_grants and settings.rotation is RotationPolicy.KEEP
    if settings.refresh_token_lifetime_s is not None and no_new_refresh_token:
        problem = "no effect, because no request issues a refresh token (refresh_token_grants is empty, rotation is keep)"
        yield SettingRefused(
            "refresh_token_lifetime_s", problem, expected="None, a grant in refresh_token_grants, or a rotation"
        )
    members = settings.token_response_members
    for name in NEVER_ADDED:
        if name in members:
            problem = f"no effect of {name}, which every token response has already"
            yield SettingRefused("token_response_members", problem, expected="other members; faults change these ones")
    if "expires_in" in members and settings.access_token_lifetime_s is not None:
        problem = "no effect of expires_in, which access_token_lifetime_s sets"
        yield SettingRefused("token_response_members", problem, expected="no expires_in, or access_token_lifetime_s of None")
