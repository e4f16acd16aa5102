"""Presets: named faults, each with its own URL, which need no API call to arm them.

``/<tenant>/faults/<preset>/<endpoint>`` behaves as the tenant's endpoint with that fault armed for this
request.
"""

from __future__ import annotations

import re

from oauth_gauntlet_server.faults.base import Fault
from oauth_gauntlet_server.faults.body import BodyAround, DeepBody, EndlessBody, LargeBody, UntilClose
from oauth_gauntlet_server.faults.connection import (
    CloseWithoutAnswer,
    Garbage,
    HalfClose,
    ResetWithoutAnswer,
    Truncate,
    UnsolicitedResponse,
)
from oauth_gauntlet_server.faults.content_coding import Charset, Chunked, ContentCoding, FormEncoded
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.faults.headers import AnnouncedClose, ContentLength, ContentType, Header, HugeHeaders, RawHeaders
from oauth_gauntlet_server.faults.http_status import HttpStatus, Interim, RetryAfter, Status, StatusLine
from oauth_gauntlet_server.faults.jwt_tokens import JwtAccessToken
from oauth_gauntlet_server.faults.metadata import KeySet, MetadataMember
from oauth_gauntlet_server.faults.oauth_errors import BearerError, OAuthError
from oauth_gauntlet_server.faults.redirect import Redirect
from oauth_gauntlet_server.faults.timing import Delay, Drip, Silence
from oauth_gauntlet_server.faults.token_shape import (
    GrantedScope,
    LongToken,
    NestToken,
    RawTokenMember,
    RenameTokenMember,
    TokenMember,
    TokenResponse,
    WithoutTokenMember,
)

_HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"


def _expires_in(text: str) -> Fault:
    return RawTokenMember(member="expires_in", text=text.encode())


_OAUTH: dict[str, Fault] = {
    "invalid-request": OAuthError(error="invalid_request"),
    "invalid-client": OAuthError(error="invalid_client", status=401),
    "invalid-grant": OAuthError(error="invalid_grant", description="The grant is expired or revoked"),
    "unauthorized-client": OAuthError(error="unauthorized_client"),
    "unsupported-grant-type": OAuthError(error="unsupported_grant_type"),
    "invalid-scope": OAuthError(error="invalid_scope"),
    "unknown-error": OAuthError(error="interaction_required", description="Sign in again"),
    "error-with-200": OAuthError(error="invalid_grant", status=200),
    "error-with-403": OAuthError(error="invalid_client", status=403),
    "error-object": OAuthError(error={"code": 190, "message": "Session has expired"}),
    "error-null": OAuthError(error=None),
    "invalid-token": BearerError(error="invalid_token"),
    "insufficient-scope": BearerError(error="insufficient_scope", status=403, scope="admin"),
    "no-challenge": BearerError(error=None, challenge=""),
}

_HTTP: dict[str, Fault] = {
    "server-error": HttpStatus(status=500, body="Internal Server Error", content_type="text/plain"),
    "bad-gateway-html": HttpStatus(status=502, body=_HTML, content_type="text/html"),
    "unavailable": RetryAfter(status=503, seconds=120),
    "unavailable-until": RetryAfter(status=503, seconds=120, form="date"),
    "rate-limited": RetryAfter(status=429, seconds=30),
    "login-page": HttpStatus(status=200, body="<html><body>Please log in</body></html>", content_type="text/html"),
    "empty": HttpStatus(status=200),
    "no-content": HttpStatus(status=204),
    "created": Status(status=201),
    "teapot": HttpStatus(status=418),
    "redirect-301": Redirect(status=301),
    "redirect-302": Redirect(status=302),
    "redirect-303": Redirect(status=303),
    "redirect-307": Redirect(status=307),
    "redirect-308": Redirect(status=308),
    "redirect-away-302": Redirect(status=302, to="other-origin"),
    "redirect-away-307": Redirect(status=307, to="other-origin"),
    "redirect-away-308": Redirect(status=308, to="other-origin"),
    "redirect-host-307": Redirect(status=307, to="other-host"),
    "redirect-loop": Redirect(status=307, to="loop"),
    "redirect-nowhere": Redirect(status=302, to="nowhere"),
    "early-hints": Interim(status=103),
    "continue-unasked": Interim(status=100),
    "http-1.0": StatusLine(line=b"HTTP/1.0 200 OK"),
    "no-reason": StatusLine(line=b"HTTP/1.1 200"),
    "text-html": ContentType(value="text/html"),
    "no-content-type": ContentType(value=None),
    "json-charset": ContentType(value='application/json; charset="UTF-8"'),
    "no-cache-control": Header(header="Cache-Control", value=None),
    "cacheable": Header(header="Cache-Control", value="public, max-age=3600"),
    "cookie": Header(header="Set-Cookie", value="session=1; Path=/", add=True),
    "two-content-types": Header(header="Content-Type", value="text/html", add=True),
    "folded-header": RawHeaders(octets=b"X-Folded: one\r\n two"),
    "length-invalid": ContentLength(value="{length} octets"),
    "length-too-large": ContentLength(value="{length}0"),
    "huge-header": HugeHeaders(),
    "many-headers": HugeHeaders(fields=300, octets=20),
    "gzip": ContentCoding(coding="gzip"),
    "gzip-broken": ContentCoding(coding="gzip", flaw="truncated"),
    "gzip-in-name-only": ContentCoding(coding="gzip", flaw="not-coded"),
    "brotli": ContentCoding(coding="br"),
    "chunked": Chunked(octets=10),
    "chunked-cut": Chunked(octets=10, flaw="no-last-chunk"),
    "until-close": UntilClose(),
    "bom": Charset(bom=True),
    "utf-16": Charset(codec="utf-16-le", bom=True, label="utf-16"),
    "form-encoded": FormEncoded(),
}

_TOKEN: dict[str, Fault] = {
    "truncated-json": TokenResponse(body=b'{"access_token": "cut-off-in-the-mid'),
    "json-array": NestToken(member=""),
    "json-string": TokenResponse(body=b'"access_token"'),
    "json-nan": _expires_in("NaN"),
    "trailing-garbage": BodyAround(after=b"<!-- served by node 7 -->"),
    "leading-guard": BodyAround(before=b")]}',\n"),
    "nested-in-data": NestToken(member="data"),
    "camel-case": RenameTokenMember(member="access_token", to="accessToken"),
    "no-access-token": WithoutTokenMember(member="access_token"),
    "empty-access-token": TokenMember(member="access_token", value=""),
    "long-token": LongToken(),
    "no-expires-in": WithoutTokenMember(member="expires_in"),
    "expires-in-string": TokenMember(member="expires_in", value="3600"),
    "expires-in-float": _expires_in("3599.5"),
    "expires-in-exponent": _expires_in("3.6e3"),
    "expires-in-null": TokenMember(member="expires_in", value=None),
    "expires-in-negative": TokenMember(member="expires_in", value=-1),
    "expires-in-huge": _expires_in("9" * 30),
    "expired-on-arrival": TokenMember(member="expires_in", value=0),
    "no-token-type": WithoutTokenMember(member="token_type"),
    "token-type-upper": TokenMember(member="token_type", value="BEARER"),
    "token-type-mac": TokenMember(member="token_type", value="mac"),
    "refresh-token-null": TokenMember(member="refresh_token", value=None),
    "refresh-token-empty": TokenMember(member="refresh_token", value=""),
    "duplicate-token": RawTokenMember(member="access_token", text=b'"a-second-token"', keep="first"),
    "invalid-utf-8": RawTokenMember(member="note", text=b'"\xff\xfe"'),
    "lone-surrogate": RawTokenMember(member="note", text=b'"\\ud800"'),
    "scope-narrowed": GrantedScope(change="narrowed"),
    "scope-widened": GrantedScope(change="widened"),
    "deep-json": DeepBody(),
    "ten-megabytes": LargeBody(),
    "endless": EndlessBody(),
    "jwt": JwtAccessToken(),
    "jwt-expired": JwtAccessToken(lifetime_s=-60),
    "jwt-not-yet-valid": JwtAccessToken(not_before_s=3600),
    "jwt-wrong-issuer": JwtAccessToken(claims={"iss": "https://other.example"}),
    "jwt-wrong-audience": JwtAccessToken(claims={"aud": "https://other.example"}),
    "jwt-wrong-signature": JwtAccessToken(signature="wrong"),
    "jwt-unknown-kid": JwtAccessToken(header={"kid": "unknown"}),
    "jwt-alg-none": JwtAccessToken(signature="none"),
}

_CONNECTION: dict[str, Fault] = {
    "slow": Delay(seconds=3.0),
    "slow-body": Delay(seconds=3.0, where="before-body"),
    "drip": Drip(octets=16, interval_s=0.2),
    "silent": Silence(seconds=60.0),
    "closed": CloseWithoutAnswer(),
    "reset": ResetWithoutAnswer(),
    "answer-lost": CloseWithoutAnswer(processed=True),
    "cut-short": Truncate(octets=20),
    "reset-in-body": Truncate(octets=20, reset=True),
    "cut-in-head": Truncate(octets=15, whole=True),
    "half-close": HalfClose(),
    "garbage": Garbage(),
    "second-response": UnsolicitedResponse(),
    "close-announced": AnnouncedClose(),
}

_METADATA: dict[str, Fault] = {
    "wrong-issuer": MetadataMember(member="issuer", value="https://other.example"),
    "token-endpoint-elsewhere": MetadataMember(member="token_endpoint", value="{other_origin}/token"),
    "no-token-endpoint": MetadataMember(member="token_endpoint", value=None),
    "keys-rotated": KeySet(change="rotated"),
    "no-keys": KeySet(change="empty"),
}

PRESETS: dict[str, Fault] = {**_OAUTH, **_HTTP, **_TOKEN, **_CONNECTION, **_METADATA}
"""Every preset by name."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def register_preset(name: str, fault: Fault) -> None:
    """Give a fault a URL, under a name of lower-case words: ``register_preset("acme-envelope", AcmeEnvelope())``.

    Raises:
        FaultError: the name is malformed, or another fault has it.
    """
    if not _NAME.fullmatch(name):
        raise FaultError(f"preset {name!r}: expected lower-case words, as in 'invalid-grant'")
    if PRESETS.get(name, fault) != fault:
        raise FaultError(f"a preset {name!r} exists already (fault {PRESETS[name].name}); choose another name")
    PRESETS[name] = fault
