"""Read a recorded request for a scenario, independently of how the mock server reads it.

A request that cannot be read is a finding about the client: these functions raise `Breach`.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes

import jwt

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.key_material import public_pem
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON
from oauth_gauntlet_server import BasicCredentialsError, FormError, RecordedRequest

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Assertion:
    """The JWT of a request: its parts are decoded, its signature is not verified."""

    text: str
    header: dict[str, JSON]
    claims: dict[str, JSON]
    signature: bytes


def form(request: RecordedRequest) -> Pairs:
    """Return the name and value pairs of the body.

    Raises:
        Breach: the body is not application/x-www-form-urlencoded in UTF-8 (RFC 6749 Appendix B).
    """
    try:
        return request.form
    except FormError as error:
        raise Breach(
            expected="a body in application/x-www-form-urlencoded, UTF-8 (RFC 6749 Appendix B)",
            seen=f"it does not decode: {error}",
            mark=Mark(text=request.body.decode("latin-1")[:200]),
        ) from error


def values(request: RecordedRequest, name: str) -> tuple[str, ...]:
    """Return every value of a parameter of the body, in order."""
    return tuple(value for key, value in form(request) if key == name)


def value(request: RecordedRequest, name: str) -> str | None:
    """Return the value of a parameter of the body, or None if it is absent.

    Raises:
        Breach: the parameter occurs more than once (RFC 6749 §3.2).
    """
    found = values(request, name)
    if len(found) > 1:
        raise Breach(expected=f"the parameter {name} at most once", seen=f"it occurs {len(found)} times", mark=Mark(text=name))
    return found[0] if found else None


def shown(request: RecordedRequest, *names: str) -> str:
    """Return parameters of the body as they were sent, for a finding: ``grant_type=password, no scope``.

    A client that sends the text None, null or undefined differs from one that sends nothing.
    """
    return ", ".join(f"no {name}" if (sent := value(request, name)) is None else f"{name}={sent}" for name in names)


def basic_credentials(request: RecordedRequest) -> tuple[str, str] | None:
    """Return user and password of the Basic scheme after base64 decoding, not form-decoded; None without them.

    Raises:
        Breach: the credentials are malformed (RFC 7617 §2).
    """
    try:
        return request.basic_credentials()
    except BasicCredentialsError as error:
        raise Breach(
            expected="Basic credentials that are base64 of user, colon and password (RFC 7617)",
            seen=str(error),
            mark=Mark(text=request.header("authorization") or "Authorization"),
        ) from error


def authorization(request: RecordedRequest) -> tuple[str, str]:
    """Return the scheme, in lower case, and the credentials of the Authorization field; both empty without the field.

    The scheme is case-insensitive, and one or more spaces follow it (RFC 9110 11.1, 11.4; RFC 6750 2.1: "Bearer" 1*SP
    b64token).
    """
    scheme, _, credentials = (request.header("authorization") or "").partition(" ")
    return scheme.lower(), credentials.lstrip(" ")


def form_decoded(text: str) -> str:
    """Decode one form-urlencoded name or value (RFC 6749 Appendix B); invalid UTF-8 becomes U+FFFD."""
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8", "replace")


def presented_client(request: RecordedRequest) -> tuple[str | None, str | None]:
    """Return client id and secret as a server reads them, from the Authorization field or the body."""
    basic = basic_credentials(request)
    if basic is not None:
        return form_decoded(basic[0]), form_decoded(basic[1])
    return value(request, "client_id"), value(request, "client_secret")


def assertion(request: RecordedRequest, parameter: str = "assertion") -> Assertion:
    """Return the assertion of a jwt-bearer request, decoded; or that of the parameter ``client_assertion``.

    Raises:
        Breach: it is missing, or is not a JWT in compact form (RFC 7515 §3.1, RFC 7523 §2.1).
    """
    text = value(request, parameter)
    if not text:
        raise Breach(expected=f"a parameter {parameter} with a JWT", seen="it is missing", mark=Mark(text="grant_type"))
    parts = text.split(".")
    try:
        if len(parts) != 3:
            raise ValueError(f"it has {len(parts)} parts, not 3")
        # RFC 7519 §7.1: UTF-8. Given octets, json would also accept UTF-16, UTF-32 and a byte order mark.
        header, claims = (json.loads(decode_part(part).decode("utf-8")) for part in parts[:2])
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise ValueError("header or claims are not a JSON object")
        return Assertion(text=text, header=header, claims=claims, signature=decode_part(parts[2]))
    except ValueError as error:
        raise Breach(
            expected="an assertion that is a JWT in compact form (RFC 7515 §3.1)",
            seen=f"it is not: {error}",
            mark=Mark(text=text[:60]),
        ) from error


def scope_tokens(request: RecordedRequest) -> set[str]:
    """Return the scope tokens of a request.

    RFC 7523 §2.1 only allows the parameter with an assertion; large providers read a claim scope instead.
    """
    scope = value(request, "scope")
    if scope is None and value(request, "assertion"):
        claimed = assertion(request).claims.get("scope")
        scope = claimed if isinstance(claimed, str) else None
    return set((scope or "").split(" "))


def leaves_scope_out(request: RecordedRequest) -> bool:
    """Return whether a refresh request has no scope: it is OPTIONAL, and then the granted scope applies (RFC 6749 §6)."""
    return "refresh_token" in values(request, "grant_type") and not values(request, "scope")


def decode_part(part: str) -> bytes:
    """Decode base64url without padding (RFC 7515 §2).

    Raises:
        ValueError: there is padding, or a character of another alphabet.
    """
    if not part.isascii() or any(character in part for character in "=+/\r\n "):
        raise ValueError("a part is not base64url without padding")
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(f"a part is not base64url: {error}") from error


def with_claims(found: Assertion, claims: dict[str, JSON]) -> Assertion:
    """Return the assertion with other claims and its old signature, as an attacker on the network could forge it."""
    header, _, signature = found.text.split(".")
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return replace(found, text=f"{header}.{payload}.{signature}", claims=claims)


def signature_problem(found: Assertion, key_kind: str) -> str | None:
    """Return why the signature does not verify with the public half of the configured key, or None if it does.

    PyJWT verifies it: a different library than the mock server uses.
    """
    return _problem(found, public_pem(key_kind))


def mac_problem(found: Assertion, secret: str) -> str | None:
    """Return why the assertion has no valid MAC with the octets of this secret, or None if it has."""
    algorithm = found.header.get("alg")
    return f"alg is {algorithm!r}" if algorithm not in {"HS256", "HS384", "HS512"} else _problem(found, secret)


def _problem(found: Assertion, key: str) -> str | None:
    algorithm = found.header.get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none":
        return f"alg is {algorithm!r}"
    try:
        jwt.PyJWS().decode(found.text, key, algorithms=[algorithm])
    except (jwt.PyJWTError, NotImplementedError, TypeError, ValueError) as error:
        return f"{type(error).__name__}: {error}"
    return None
