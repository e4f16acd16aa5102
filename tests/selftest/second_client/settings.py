"""Check a configuration against the grammars before anything is sent."""

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yarl import URL

from tests.selftest.second_client import grammar
from tests.selftest.second_client.assertion import Signer
from tests.selftest.second_client.failures import ConfigurationRefused

REFRESH, CREDENTIALS, PASSWORD = "refresh_token", "client_credentials", "password"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
GRANTS = (REFRESH, CREDENTIALS, PASSWORD, JWT_BEARER)
BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"
AUTH_METHODS = (BASIC, POST, NONE)
DEFAULT_TIMEOUT_S = 12.0

_OWN_PARAMETERS = frozenset(
    {"grant_type", "scope", "refresh_token", "username", "password", "assertion", "client_assertion", "client_assertion_type"}
)
_URL = re.compile(r"https?://[-._~!$&'()*+,;=:/?\[\]@%0-9A-Za-z]+", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The checked configuration; `auth` is None if the client does not identify itself. `timeout` is in seconds."""

    grant: str
    token_url: URL
    auth: str | None
    client_id: str = field(repr=False)
    client_secret: str = field(repr=False)
    scope: str
    resources: tuple[str, ...]
    payload: Mapping[str, str] = field(repr=False)
    refresh_token: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)
    issuer: str
    subject: str
    audience: str
    signer: Signer | None = field(repr=False)
    tls: ssl.SSLContext | None = field(repr=False)
    allow_http: bool
    timeout: float


def settings_of(config: Mapping[str, Any]) -> Settings:
    """Return the settings of a configuration of the adapter protocol.

    Raises:
        ConfigurationRefused: a parameter is missing or invalid; the message names it.
    """
    grant = _text(config, "grant_type") or REFRESH
    if grant not in GRANTS:
        raise ConfigurationRefused(f"grant_type: expected one of {', '.join(GRANTS)}")
    needed = {
        REFRESH: ("client_id", "refresh_token"),
        CREDENTIALS: ("client_id",),
        PASSWORD: ("username", "password"),
        JWT_BEARER: ("jwt_issuer", "jwt_subject", "jwt_audience", "private_key"),
    }[grant]
    for name in needed:
        if not _text(config, name):
            raise ConfigurationRefused(f"{name}: missing; the grant {grant} requires it")
    for name in ("client_id", "client_secret", "refresh_token"):
        _matches(config, name, grammar.VSCHAR, "visible ASCII characters and spaces")
    for name in ("username", "password"):
        _matches(config, name, grammar.UNICODE_NO_CRLF, "text without line breaks")
    _matches(config, "scope", grammar.SCOPE, "scope tokens with single spaces between them (RFC 6749 3.3)")
    auth = _auth(config, grant)
    allow_http = config.get("allow_http") is True
    return Settings(
        grant=grant,
        token_url=_endpoint(_text(config, "token_url"), allow_http=allow_http),
        auth=auth,
        client_id=_text(config, "client_id"),
        client_secret=_text(config, "client_secret"),
        scope=_text(config, "scope"),
        resources=_resources(config.get("resource")),
        payload=_payload(config.get("additional_payload"), identified=auth is not None),
        refresh_token=_text(config, "refresh_token"),
        username=_text(config, "username"),
        password=_text(config, "password"),
        **_claims(config, grant),
        signer=_signer(config) if grant == JWT_BEARER else None,
        tls=_tls(_text(config, "ca_file")),
        allow_http=allow_http,
        timeout=_timeout(config.get("timeout")),
    )


def _text(config: Mapping[str, Any], name: str) -> str:
    value = config.get(name)
    if value is not None and not isinstance(value, str):
        raise ConfigurationRefused(f"{name}: expected text")
    return value or ""


def _matches(config: Mapping[str, Any], name: str, pattern: re.Pattern[str], wanted: str) -> None:
    value = _text(config, name)
    if value and pattern.fullmatch(value) is None:
        raise ConfigurationRefused(f"{name}: expected {wanted}")


def _auth(config: Mapping[str, Any], grant: str) -> str | None:
    """Return the method; a client with a secret is confidential, and its default is client_secret_basic (RFC 7591 2)."""
    method = _text(config, "token_endpoint_auth_method")
    if method and method not in AUTH_METHODS:
        raise ConfigurationRefused(f"token_endpoint_auth_method: expected one of {', '.join(AUTH_METHODS)}")
    named, secret = bool(_text(config, "client_id")), bool(_text(config, "client_secret"))
    if not named:
        if secret or method in (BASIC, POST):
            raise ConfigurationRefused("client_id: missing; a client that authenticates requires it")
        return None
    if not method and (secret or grant in (REFRESH, CREDENTIALS)):
        method = BASIC
    if method in (BASIC, POST) and not secret:
        raise ConfigurationRefused(f"client_secret: missing; {method} requires it")
    if method == NONE and grant == CREDENTIALS:
        raise ConfigurationRefused("token_endpoint_auth_method: client_credentials is for confidential clients (RFC 6749 4.4)")
    return method or NONE


def _endpoint(text: str, *, allow_http: bool) -> URL:
    if not text:
        raise ConfigurationRefused("token_url: missing")
    # RFC 6749 3.2: "The endpoint URI MUST NOT include a fragment component"; the expression allows no number sign.
    if _URL.fullmatch(text) is None or re.search("%(?![0-9A-Fa-f]{2})", text):
        raise ConfigurationRefused("token_url: expected an absolute https URI without a fragment")
    try:
        url = URL(text, encoded=True)
        usable = bool(url.host) and url.port is not None
        named = url.raw_user is not None or url.raw_password is not None or "@" in url.raw_authority
    except ValueError:
        usable = named = False
    if not usable:
        raise ConfigurationRefused("token_url: expected an absolute https URI with a host")
    if named:
        raise ConfigurationRefused("token_url: expected no user information (RFC 9110 4.2.4)")
    if url.scheme != "https" and not allow_http:
        raise ConfigurationRefused("token_url: expected https (RFC 6749 3.2)")
    return url


def _resources(given: Any) -> tuple[str, ...]:
    """Return the resource indicators, without repetitions: RFC 8707 2 gives them no order and no number."""
    found = given if isinstance(given, list) else [given] if given else []
    for value in found:
        if not isinstance(value, str) or grammar.URI.fullmatch(value) is None or "#" in value:
            raise ConfigurationRefused("resource: expected an absolute URI without a fragment (RFC 8707 2)")
    return tuple(dict.fromkeys(found))


def _payload(payload: Any, *, identified: bool) -> dict[str, str]:
    """Return the additional parameters. Freedom: it rejects values that are no strings, and invalid names (RFC 6749 8.2)."""
    if payload is None:
        return {}
    if not isinstance(payload, dict):
        raise ConfigurationRefused("additional_payload: expected an object")
    for name, value in payload.items():
        if grammar.PARAMETER_NAME.fullmatch(name) is None:
            raise ConfigurationRefused(
                "additional_payload: a name contains characters that a parameter must not contain (RFC 6749 8.2)"
            )
        if name in _OWN_PARAMETERS or (identified and name in ("client_id", "client_secret")):
            raise ConfigurationRefused(f"additional_payload: {name} has its own configuration key")
        if not isinstance(value, str):
            raise ConfigurationRefused(f"additional_payload: {name} must be a string")
        if not grammar.is_text(value):
            raise ConfigurationRefused(f"additional_payload: {name} contains a lone surrogate")
    return dict(payload)


def _claims(config: Mapping[str, Any], grant: str) -> dict[str, str]:
    values = {name: _text(config, f"jwt_{name}") for name in ("issuer", "subject", "audience")}
    for name, value in values.items():
        if grant == JWT_BEARER and not grammar.is_text(value):
            raise ConfigurationRefused(f"jwt_{name}: contains a lone surrogate")
        if grant == JWT_BEARER and not grammar.is_string_or_uri(value):
            raise ConfigurationRefused(f"jwt_{name}: expected a URI, because it contains a colon (RFC 7519 2)")
    return values


def _signer(config: Mapping[str, Any]) -> Signer:
    header = config.get("jwt_header") or {}
    if not isinstance(header, dict):
        raise ConfigurationRefused("jwt_header: expected an object")
    return Signer(_text(config, "private_key"), _text(config, "private_key_password") or None, header)


def _tls(ca_file: str) -> ssl.SSLContext | None:
    if not ca_file:
        return None
    try:
        # Freedom: it trusts only the configured authority.
        return ssl.create_default_context(cafile=ca_file)
    except OSError:
        raise ConfigurationRefused("ca_file: cannot be read as PEM certificates") from None


def _timeout(value: Any) -> float:
    if value is None:
        return DEFAULT_TIMEOUT_S
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        raise ConfigurationRefused("timeout: expected a number of seconds above zero")
    return float(value)
