"""Parse and verify JWT assertions: authorization grants (RFC 7523 §2.1) and client authentication (RFC 7523 §2.2).

The server makes every check that RFC 7523 §3 allows, with the tenant's clock. Each error names the wrong
claim.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.tenancy.tenant import Tenant

if TYPE_CHECKING:
    from joserfc.jwk import Key


class AssertionRefused(Exception):
    """The assertion is rejected; the message contains the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedAssertion:
    """A decoded JWT; its signature is not verified yet."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]


def parse(text: str, *, loosely: bool = False) -> ParsedAssertion:
    """Decode a JWT in compact form; `loosely`, to be shown and not to be accepted, whatever its JSON is encoded in.

    Raises:
        AssertionRefused: the text is not a JWT (RFC 7515 §3.1, RFC 7519 §7.2): header and claims are JSON objects in
            UTF-8, without a byte order mark (RFC 8259 §8.1) and without a name that occurs twice (RFC 7515 §4,
            RFC 7519 §4).
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise AssertionRefused("The assertion is not a JWT in compact form")
    header, claims = (_json_object(part, loosely=loosely) for part in parts[:2])
    return ParsedAssertion(text=text, header=header, claims=claims)


def verify_signature(assertion: ParsedAssertion, keys: Iterable[Key]) -> None:
    """Verify the signature with each key that is allowed for the declared algorithm, until one succeeds.

    Raises:
        AssertionRefused: no key is allowed for the algorithm (for alg none there is never one), or no key
            verifies.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    from oauth_gauntlet_server.jose.keys import fits

    algorithm = assertion.header.get("alg")
    candidates = [key for key in keys if fits(key, algorithm)]
    if not candidates:
        raise AssertionRefused("No registered key fits the assertion's alg")
    for key in candidates:
        try:
            jws.deserialize_compact(assertion.text, key, algorithms=[str(algorithm)])
        except (JoseError, ValueError, TypeError):
            continue
        return
    raise AssertionRefused("The assertion's signature does not verify")


def verify_claims(assertion: ParsedAssertion, tenant: Tenant, *, audiences: Iterable[str], replay_scope: str) -> None:
    """Check the claims aud, exp, nbf, iat and jti, as a strict tenant does.

    `audiences` are the accepted values of aud. A jti is accepted once per `replay_scope`, unless the tenant allows replays.

    Raises:
        AssertionRefused: a claim is missing, malformed, or not valid now.
    """
    audience = assertion.claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not set(audiences).intersection(item for item in named if isinstance(item, str)):
        raise AssertionRefused("The claim aud does not name this server")
    _verify_dates(assertion.claims, tenant)
    _verify_identifier(assertion.claims, tenant, replay_scope)


def verify_as_asked(assertion: ParsedAssertion, tenant: Tenant, *, replay_scope: str) -> None:
    """Check the claims that the tenant's settings ask for, as a lenient tenant does: none by default.

    With `clock_skew_s` or `most_assertion_lifetime_s` it checks exp, nbf and iat, with `assertions_once` jti.

    Raises:
        AssertionRefused: a claim is missing, malformed, or not valid now.
    """
    if tenant.settings.checks_dates:
        _verify_dates(assertion.claims, tenant)
    if tenant.settings.refuses_replays:
        _verify_identifier(assertion.claims, tenant, replay_scope)


def _verify_dates(claims: dict[str, Any], tenant: Tenant) -> None:
    settings = tenant.settings
    now, skew = tenant.clock.now(), settings.skew_s
    expires = _date(claims, "exp")
    if expires is None:
        raise AssertionRefused("The claim exp is missing")
    if expires <= now - skew:
        raise AssertionRefused("The claim exp has passed")
    longest = settings.most_assertion_lifetime_s
    if longest is not None and expires > now + longest + skew:
        raise AssertionRefused("The claim exp is unreasonably far in the future")
    not_before = _date(claims, "nbf")
    if not_before is not None and not_before > now + skew:
        raise AssertionRefused("The claim nbf is in the future")
    issued = _date(claims, "iat")
    if issued is not None and issued > now + skew:
        raise AssertionRefused("The claim iat is in the future")
    if issued is not None and longest is not None and issued < now - longest - skew:
        raise AssertionRefused("The claim iat is unreasonably far in the past")


def _verify_identifier(claims: dict[str, Any], tenant: Tenant, replay_scope: str) -> None:
    identifier = claims.get("jti")
    if identifier is None:
        return
    if not isinstance(identifier, str):
        raise AssertionRefused("The claim jti is not a string")
    seen, now = tenant.seen_assertions, tenant.clock.now()
    if tenant.settings.refuses_replays and not seen.put_if_absent(f"{replay_scope}\n{identifier}", now):
        raise AssertionRefused("The claim jti was used before")


def text_claim(assertion: ParsedAssertion, name: str) -> str:
    """Return a required claim: a string that is not empty.

    Raises:
        AssertionRefused: the claim is missing, empty or not a string.
    """
    value = assertion.claims.get(name)
    if not isinstance(value, str) or not value:
        raise AssertionRefused(f"The claim {name} is missing")
    return value


def _date(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # RFC 7519 §2: a NumericDate is a JSON number. Every comparison with NaN is false, so NaN would pass every check.
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        raise AssertionRefused(f"The claim {name} is not a number of seconds")
    return value


def _json_object(part: str, *, loosely: bool) -> dict[str, Any]:
    outermost: list[tuple[str, Any]] = []

    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        outermost[:] = pairs  # the outermost object is complete last
        return dict(pairs)

    try:
        octets = _decoded(part)
        text = octets.decode(json.detect_encoding(octets) if loosely else "utf-8")
    except UnicodeDecodeError as error:
        raise AssertionRefused("The assertion's header or claims are not UTF-8") from error
    except ValueError as error:
        raise AssertionRefused("The assertion's header or claims do not decode") from error
    if text.startswith("\ufeff"):
        raise AssertionRefused("The assertion's header or claims begin with a byte order mark")
    try:
        value = json.loads(text, object_pairs_hook=members, parse_constant=float if loosely else _no_constant)
    except (ValueError, RecursionError) as error:
        raise AssertionRefused("The assertion's header or claims do not decode") from error
    if not isinstance(value, dict):
        raise AssertionRefused("The assertion's header or claims are not a JSON object")
    if len(value) < len(outermost) and not loosely:
        raise AssertionRefused("The assertion's header or claims have a name twice")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number (RFC 8259 §6)")


def _decoded(part: str) -> bytes:
    # RFC 7515 §2: no padding, no other alphabet. Even with altchars and validate, b64decode accepts "+" and "/".
    if any(character in part for character in "=+/"):
        raise ValueError("not base64url without padding")
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
