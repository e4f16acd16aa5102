"""The names of the adapter protocol, version 1: grants, capabilities, kinds of error, configuration keys."""

from __future__ import annotations

from enum import StrEnum

PROTOCOL_VERSION = 1


class GrantType(StrEnum):
    """The four back-channel grants, by their registered identifiers (RFC 6749, RFC 7523)."""

    REFRESH_TOKEN = "refresh_token"
    CLIENT_CREDENTIALS = "client_credentials"
    JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    PASSWORD = "password"

    @property
    def short(self) -> str:
        """The name in scenario ids and on the command line; only the URN has a shorter one."""
        return "jwt-bearer" if self is GrantType.JWT_BEARER else self.value


class Capability(StrEnum):
    """What an adapter may declare of its client; scenarios judge only what is declared."""

    CACHE = "cache"
    AUTO_REFRESH = "auto_refresh"
    REFRESH = "refresh"
    RESOURCE = "resource"
    RETRY_401 = "retry_401"
    PARALLEL = "parallel"
    CANCEL = "cancel"
    CLOCK = "clock"
    PROCESS_CLOCK = "process_clock"
    TLS = "tls"
    DESCRIBE = "describe"
    INSTANCES = "instances"
    TIME_ZONE = "time_zone"
    PROXY = "proxy"


class ErrorKind(StrEnum):
    """The kinds of error that an adapter can report."""

    CONFIG = "config"
    OAUTH = "oauth"
    PROTOCOL = "protocol"
    TRANSPORT = "transport"
    TIMEOUT = "timeout"
    CANCELLED = "cancelled"
    UNEXPECTED = "unexpected"


CONFIGURATION_KEYS: frozenset[str] = frozenset(
    {
        "grant_type",
        "token_url",
        "issuer",
        "client_id",
        "client_secret",
        "token_endpoint_auth_method",
        "refresh_token",
        "username",
        "password",
        "jwt_header",
        "jwt_issuer",
        "jwt_subject",
        "jwt_audience",
        "private_key",
        "private_key_password",
        "scope",
        "resource",
        "additional_payload",
        "ca_file",
        "allow_http",
        "timeout",
    }
)
"""Every key of a configuration."""
