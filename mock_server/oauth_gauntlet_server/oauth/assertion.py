"""Verifying assertions: JWTs that authorise (RFC 7523 §3) or authenticate a client (RFC 7523 §2.2).

Everything that §3 lets the server check is checked, with the tenant's clock, and each failure says which claim.
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
    """The assertion is not accepted; the text says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParsedAssertion:
    """A JWT decoded, its signature not yet verified."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]


def parse(text: str) -> ParsedAssertion:
    """Decode a JWT in compact form.

    Raises:
        AssertionRefused: it is none (RFC 7515 §3.1, RFC 7519 §7.2).
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise AssertionRefused("The assertion is no JWT in compact form")
    try:
        header, claims = (json.loads(_decoded(part)) for part in parts[:2])
    except (ValueError, RecursionError) as error:
        raise AssertionRefused("The assertion's header or claims do not decode") from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise AssertionRefused("The assertion's header or claims are no JSON object")
    return ParsedAssertion(text=text, header=header, claims=claims)


def verify_signature(assertion: ParsedAssertion, keys: Iterable[Key]) -> None:
    """Check the signature against the keys that fit the declared algorithm.

    Raises:
        AssertionRefused: no key fits (alg none fits none), or none verifies.
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
    """Check aud, exp, nbf, iat and jti.

    Raises:
        AssertionRefused: a claim is missing, malformed, or does not hold now.
    """
    claims, settings = assertion.claims, tenant.settings
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    if not set(audiences).intersection(item for item in named if isinstance(item, str)):
        raise AssertionRefused("The claim aud does not name this server")
    now, skew = tenant.clock.now(), settings.clock_skew_s
    expires = _date(claims, "exp")
    if expires is None:
        raise AssertionRefused("The claim exp is missing")
    if expires <= now - skew:
        raise AssertionRefused("The claim exp has passed")
    if expires > now + settings.most_assertion_lifetime_s + skew:
        raise AssertionRefused("The claim exp is unreasonably far in the future")
    not_before = _date(claims, "nbf")
    if not_before is not None and not_before > now + skew:
        raise AssertionRefused("The claim nbf is in the future")
    issued = _date(claims, "iat")
    if issued is not None and issued > now + skew:
        raise AssertionRefused("The claim iat is in the future")
    if issued is not None and issued < now - settings.most_assertion_lifetime_s - skew:
        raise AssertionRefused("The claim iat is unreasonably far in the past")
    identifier = claims.get("jti")
    if identifier is None:
        return
    if not isinstance(identifier, str):
        raise AssertionRefused("The claim jti is no string")
    if not tenant.seen_assertions.put_if_absent(f"{replay_scope}\n{identifier}", expires):
        raise AssertionRefused("The claim jti was used before")


def text_claim(assertion: ParsedAssertion, name: str) -> str:
    """Return a claim that has to be there, as a string that is not empty.

    Raises:
        AssertionRefused: it is missing or no such string.
    """
    value = assertion.claims.get(name)
    if not isinstance(value, str) or not value:
        raise AssertionRefused(f"The claim {name} is missing")
    return value


def _date(claims: dict[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    # RFC 7519 §2: a NumericDate is a JSON number. NaN compares with nothing and would slip through every check.
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:
        raise AssertionRefused(f"The claim {name} is no number of seconds")
    return value


def _decoded(part: str) -> bytes:
    # RFC 7515 §2: no padding, and no other alphabet; b64decode takes "+" and "/" beside its altchars.
    if any(character in part for character in "=+/"):
        raise ValueError("not base64url without padding")
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
