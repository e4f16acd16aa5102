"""Drives the OAuth2Session of Authlib's integration of requests."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib_assertions import METHODS, credential, register
from joserfc.errors import JoseError
from requests_trust import trust

CLOCK = MovedClock()


class Authlib(Adapter):
    kinds = (
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
        # Its subclasses (MissingTokenError, ...) are errors that the session detects.
        (AuthlibBaseError, "protocol"),
        # The key of a client assertion.
        (JoseError, "config"),
    )

    def hello(self):
        return {
            "client": {
                "name": "Authlib (requests)",
                "version": version("authlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/authlib/authlib",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", *METHODS, "none"],
            "parameters": ["scope", "additional_payload", "ca_file", "timeout"],
            "capabilities": ["auto_refresh", "refresh", "resource", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        self.config = config
        trust(config.get("ca_file"))
        grant = config.get("grant_type")
        if grant in ("refresh_token", "client_credentials", "password"):
            holds = grant == "refresh_token" and "refresh_token" in config
            self.session = OAuth2Session(
                config.get("client_id"),
                credential(config),
                token_endpoint_auth_method=config.get("token_endpoint_auth_method"),
                scope=config.get("scope"),
                token={"refresh_token": config["refresh_token"]} if holds else None,
                default_timeout=config.get("timeout"),
                # With these two the session renews an expired token automatically.
                token_endpoint=config.get("token_url"),
                grant_type=grant,
            )
            register(self.session, config)
        else:
            raise Failure("config", f"Authlib has no back-channel client for grant_type {grant!r}")

    def get_token(self):
        if self.config["grant_type"] == "refresh_token":
            return self._refreshed()
        given = ("username", "password") if self.config["grant_type"] == "password" else ()
        owner = {name: self.config[name] for name in given if name in self.config}
        return token(self.session.fetch_token(**{**owner, **self.config.get("additional_payload", {})}))

    def refresh(self):
        if not (self.session.token or {}).get("refresh_token"):
            raise Failure("config", "the session holds no refresh token")
        return self._refreshed()

    def request(self, method, url, headers, body):
        if not (self.session.token or {}).get("access_token"):
            self.get_token()
        response = self.session.request(method, url, headers=headers, data=None if body is None else body.encode())
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.session), str(self.session), repr(self.session.token), str(self.session.token)]

    def kind(self, exception):
        return "oauth" if type(exception) is OAuthError else super().kind(exception)

    def details(self, exception):
        if isinstance(exception, requests.HTTPError):
            return {"http_status": exception.response.status_code}
        if self.kind(exception) != "oauth":
            return {}
        members = {"oauth_error": exception.error, "oauth_error_description": exception.description}
        return {name: value for name, value in members.items() if isinstance(value, str) and value}

    def _refreshed(self):
        return token(self.session.refresh_token(**self.config.get("additional_payload", {})))


serve(Authlib())
