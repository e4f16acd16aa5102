"""Shared by the adapters of Authlib's two httpx clients: creation of the client, token requests, and errors."""

import platform
import ssl
from importlib.metadata import version

import httpx2
from adapter_loop import Adapter, Failure, MovedClock
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuthError
from authlib_assertions import METHODS, credential, register
from joserfc.errors import JoseError

GRANTS = ("refresh_token", "client_credentials", "password")
CLOCK = MovedClock()


class AuthlibHttpx(Adapter):
    kinds = (
        (httpx2.InvalidURL, "config"),
        (httpx2.UnsupportedProtocol, "config"),
        (httpx2.TimeoutException, "timeout"),
        (httpx2.HTTPError, "transport"),
        # Its subclasses (MissingTokenError, ...) are errors that the client detects.
        (AuthlibBaseError, "protocol"),
        # The key of a client assertion.
        (JoseError, "config"),
    )
    native = None  # the class in Authlib

    def hello(self):
        return {
            "client": {
                "name": f"Authlib {self.native.__name__} (httpx)",
                "version": version("authlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, httpx2 {version('httpx2')}",
                "url": "https://github.com/authlib/authlib",
            },
            "grants": GRANTS,
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", *METHODS, "none"],
            "parameters": ["scope", "additional_payload", "ca_file", "timeout"],
            "capabilities": ["auto_refresh", "refresh", "resource", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        self.config = config
        grant = config.get("grant_type")
        if grant not in GRANTS:
            raise Failure("config", f"Authlib has no back-channel client for grant_type {grant!r}")
        http = {"timeout": config["timeout"]} if "timeout" in config else {}
        if "ca_file" in config:
            http["verify"] = ssl.create_default_context(cafile=config["ca_file"])
        holds = grant == "refresh_token" and "refresh_token" in config
        self.session = self.native(
            config.get("client_id"),
            credential(config),
            token_endpoint_auth_method=config.get("token_endpoint_auth_method"),
            scope=config.get("scope"),
            token={"refresh_token": config["refresh_token"]} if holds else None,
            # With these two the client renews an expired token automatically.
            token_endpoint=config.get("token_url"),
            grant_type=grant,
            **http,
        )
        register(self.session, config)

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.session), str(self.session), repr(self.session.token), str(self.session.token)]

    def kind(self, exception):
        return "oauth" if type(exception) is OAuthError else super().kind(exception)

    def details(self, exception):
        if isinstance(exception, httpx2.HTTPStatusError):
            return {"http_status": exception.response.status_code}
        if self.kind(exception) != "oauth":
            return {}
        members = {"oauth_error": exception.error, "oauth_error_description": exception.description}
        return {name: value for name, value in members.items() if isinstance(value, str) and value}

    def granted(self):
        """Request a token with the configured grant; return the client's token, or a coroutine for it."""
        if self.config["grant_type"] == "refresh_token":
            return self.refreshed()
        given = ("username", "password") if self.config["grant_type"] == "password" else ()
        owner = {name: self.config[name] for name in given if name in self.config}
        return self.session.fetch_token(**{**owner, **self.config.get("additional_payload", {})})

    def refreshed(self):
        return self.session.refresh_token(**self.config.get("additional_payload", {}))

    def to_be_refreshed(self):
        if not (self.session.token or {}).get("refresh_token"):
            raise Failure("config", "the client holds no refresh token")
        return self.refreshed()

    def holds_a_token(self):
        return bool((self.session.token or {}).get("access_token"))


def shown(response):
    return {"status": response.status_code, "headers": response.headers.multi_items(), "body": response.text}
