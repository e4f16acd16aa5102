"""Read and check a configuration before anything is sent; the error names every missing parameter."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.reference.assertion import check_header
from oauth_gauntlet.reference.errors import configuration_error

if TYPE_CHECKING:
    from oauth_gauntlet.reference.keys import PrivateKey

SIGNED_METHODS = ("private_key_jwt", "client_secret_jwt")

AUTH_METHODS = ("client_secret_basic", "client_secret_post", *SIGNED_METHODS, "none")

LEAST_MAC_KEY_OCTETS = 32
"""RFC 7518 §3.2: "A key of the same size as the hash output [...] or larger MUST be used"."""

MANDATORY: dict[GrantType, tuple[str, ...]] = {
    GrantType.REFRESH_TOKEN: ("client_id", "client_secret", "refresh_token"),
    GrantType.CLIENT_CREDENTIALS: ("client_id", "client_secret"),
    GrantType.PASSWORD: ("username", "password"),
    GrantType.JWT_BEARER: ("jwt_issuer", "jwt_subject", "jwt_audience", "private_key"),
}

_TEXTS = (
    "token_url",
    "issuer",
    "client_id",
    "client_secret",
    "token_endpoint_auth_method",
    "refresh_token",
    "username",
    "password",
    "jwt_issuer",
    "jwt_subject",
    "jwt_audience",
    "private_key",
    "private_key_password",
    "scope",
    "ca_file",
)

# RFC 3986 §4.3: scheme ":" hier-part [ "?" query ].
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^#\s]+", re.ASCII)


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """A checked configuration. Its string form contains no secrets.

    `token_url` is empty as long as it has to be found in the metadata of `issuer`.
    """

    grant: GrantType
    token_url: str
    auth_method: str
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    jwt_header: Mapping[str, JSON] = field(default_factory=dict)
    jwt_issuer: str | None = None
    jwt_subject: str | None = None
    jwt_audience: str | None = None
    private_key: PrivateKey | None = field(default=None, repr=False)
    scope: str | None = None
    resources: tuple[str, ...] = ()
    payload: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: str | None = None
    allow_http: bool = False
    timeout_s: float = 30.0
    issuer: str | None = None


class ConfigurationReader:
    """Converts the user's mapping to a `Configuration`. Each decision is a separate method."""

    def read(self, given: Mapping[str, JSON]) -> Configuration:
        """Return the configuration.

        Raises:
            ClientFailure: kind config; the text names all missing parameters, or the first wrong one.
        """
        for name in _TEXTS:
            if given.get(name) is not None:
                self.check_text(name, given[name])
        grant = self.grant(given.get("grant_type"))
        method = self.auth_method(given, grant)
        issuer = given.get("issuer") or None
        mandatory = [key for key in self.mandatory(grant, method) if key != "token_url" or issuer is None]
        missing = [key for key in mandatory if self.is_missing(key, given.get(key))]
        if missing:
            raise configuration_error(f"missing: {', '.join(missing)} (mandatory for {grant.short})")
        allow_http = given.get("allow_http") is True
        if issuer is None or given.get("token_url"):
            self.check_url(given["token_url"], allow_http=allow_http)
        elif problem := url_problem(issuer, allow_http=allow_http):
            raise configuration_error(f"issuer: {problem}")
        header = given.get("jwt_header") or {}
        key: PrivateKey | None = None
        if grant is GrantType.JWT_BEARER or method == "private_key_jwt":
            key = self.private_key(given["private_key"], given.get("private_key_password"))
            self.check_header(header, key)
        if method == "client_secret_jwt":
            self.check_secret(given["client_secret"])
        return Configuration(
            grant=grant,
            token_url=given.get("token_url") or "",
            auth_method=method,
            client_id=given.get("client_id") or None,
            client_secret=given.get("client_secret") or None,
            refresh_token=given.get("refresh_token") or None,
            username=given.get("username"),
            password=given.get("password"),
            jwt_header=header,
            jwt_issuer=given.get("jwt_issuer"),
            jwt_subject=given.get("jwt_subject"),
            jwt_audience=given.get("jwt_audience"),
            private_key=key,
            scope=given.get("scope") or None,
            resources=self.resources(given.get("resource")),
            payload=self.payload(given.get("additional_payload")),
            ca_file=given.get("ca_file"),
            allow_http=given.get("allow_http") is True,
            timeout_s=self.timeout_s(given.get("timeout")),
            issuer=issuer,
        )

    def check_text(self, key: str, value: JSON) -> None:
        """Reject a value that is not a string, and a string that UTF-8 cannot encode (lone surrogates)."""
        if not isinstance(value, str):
            raise configuration_error(f"{key}: expected text")
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise configuration_error(f"{key}: it contains half a surrogate pair, which UTF-8 cannot encode") from None

    def grant(self, value: JSON) -> GrantType:
        """Return the selected grant; without a selection refresh_token (profile scim-connector)."""
        if value is None or value == "":
            return GrantType.REFRESH_TOKEN
        if value not in list(GrantType):
            raise configuration_error(f"grant_type: {value!r} is none of {', '.join(GrantType)}")
        return GrantType(value)

    def auth_method(self, given: Mapping[str, JSON], grant: GrantType) -> str:
        """Return the method of client authentication; the default is Basic, which servers must support (RFC 6749 §2.3.1)."""
        method = given.get("token_endpoint_auth_method") or "client_secret_basic"
        if method not in AUTH_METHODS:
            raise configuration_error(f"token_endpoint_auth_method: {method!r} is none of {', '.join(AUTH_METHODS)}")
        # RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
        if method == "none" and grant is GrantType.CLIENT_CREDENTIALS:
            raise configuration_error("token_endpoint_auth_method: client_credentials is for confidential clients only")
        return str(method)

    def mandatory(self, grant: GrantType, method: str) -> tuple[str, ...]:
        """Return the mandatory parameters of the grant."""
        needed = ("token_url", *MANDATORY[grant])
        if method == "private_key_jwt":
            needed += ("client_id", "private_key")
        elif method == "client_secret_jwt":
            needed += ("client_id", "client_secret")
        without_secret = method in {"none", "private_key_jwt"}
        return tuple(key for key in dict.fromkeys(needed) if key != "client_secret" or not without_secret)

    def is_missing(self, key: str, value: JSON) -> bool:
        """Return whether a mandatory parameter is missing; an empty password is not (RFC 6749 §A.16)."""
        if key == "password":
            return value is None
        return value is None or not str(value).strip()

    def check_url(self, url: str, *, allow_http: bool) -> None:
        """Reject a token URL that is unusable or unsafe (RFC 3986 §3, RFC 6749 §3.2)."""
        if problem := url_problem(url, allow_http=allow_http):
            raise configuration_error(f"token_url: {problem}")

    def private_key(self, pem: str, password: str | None) -> PrivateKey:
        """Return the key of a PEM text."""
        from oauth_gauntlet.reference.keys import load_private_key  # loads cryptography: see assertion.py

        return load_private_key(pem, password)

    def check_header(self, header: JSON, key: PrivateKey) -> None:
        """Reject a JWT header that does not fit the key."""
        check_header(header, key)

    def resources(self, value: JSON) -> tuple[str, ...]:
        """Return the resource indicators: absolute URIs without a fragment (RFC 8707 §2)."""
        values = value if isinstance(value, list) else [] if value is None else [value]
        if not all(isinstance(each, str) and _ABSOLUTE_URI.fullmatch(each) for each in values):
            raise configuration_error("resource: expected absolute URIs without a fragment")
        return tuple(values)

    def check_secret(self, secret: str) -> None:
        """Reject a client secret that is too short for HMAC SHA-256."""
        if len(secret.encode()) < LEAST_MAC_KEY_OCTETS:
            raise configuration_error(f"client_secret: client_secret_jwt needs {LEAST_MAC_KEY_OCTETS} octets (RFC 7518 §3.2)")

    def payload(self, value: JSON) -> Mapping[str, str]:
        """Return the additional payload as form parameters: strings unchanged, other values as JSON text."""
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise configuration_error("additional_payload: expected a JSON object")
        for name in value:
            if name in {"grant_type", "assertion", "refresh_token", "username", "password", "scope"}:
                raise configuration_error(f"additional_payload: {name} is a parameter of the protocol")
        return {name: self.payload_text(member) for name, member in value.items() if member is not None}

    def payload_text(self, member: JSON) -> str:
        """Return one payload value as text."""
        return member if isinstance(member, str) else json.dumps(member, separators=(",", ":"))

    def timeout_s(self, value: JSON) -> float:
        """Return the time limit of one exchange, in seconds."""
        if value is None:
            return 30.0
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise configuration_error("timeout: expected a number of seconds greater than 0")
        return float(value)


def url_problem(url: str, *, allow_http: bool) -> str:
    """Return why a URL is unusable or unsafe for token requests; empty if it is not."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for an invalid port
    except ValueError as error:
        return str(error)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "expected an absolute http or https URL"
    if any(character.isspace() or ord(character) < 0x20 for character in url):
        return "it contains white space or control characters"
    if parts.username is not None or parts.password is not None:
        return "user information is not allowed (RFC 9110 §4.2.4)"
    if "#" in url:
        return "a fragment is not allowed (RFC 6749 §3.2)"
    if parts.scheme == "http" and not allow_http:
        return "plain http sends credentials unencrypted; set allow_http if that is intended"
    return ""
