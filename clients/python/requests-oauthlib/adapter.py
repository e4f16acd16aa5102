"""Drives requests-oauthlib: an OAuth2Session over one of oauthlib's clients."""

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "harness/oauth_gauntlet/starters/python"))

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from oauthlib.oauth2 import (
    BackendApplicationClient,
    InsecureTransportError,
    LegacyApplicationClient,
    MissingTokenError,
    OAuth2Error,
    TokenExpiredError,
)
from oauthlib.oauth2.rfc6749.errors import MissingTokenTypeError
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

# Errors that oauthlib detects; its other errors are an error document of the server.
OWN_FINDINGS = (MissingTokenError, MissingTokenTypeError, TokenExpiredError)


CLOCK = MovedClock()


class RequestsOAuthlib(Adapter):
    kinds = (
        (InsecureTransportError, "config"),
        # Raised, and documented, for a scope other than the requested one.
        ((*OWN_FINDINGS, Warning), "protocol"),
        (OAuth2Error, "oauth"),
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
    )

    def hello(self):
        return {
            "client": {
                "name": "requests-oauthlib",
                "version": version("requests-oauthlib"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/requests/requests-oauthlib",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post"],
            "parameters": ["scope", "additional_payload", "ca_file", "allow_http", "timeout"],
            "capabilities": ["auto_refresh", "refresh", "resource", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        self.config = config
        os.environ.pop("OAUTHLIB_INSECURE_TRANSPORT", None)
        if config.get("allow_http"):
            os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
        self.http = {"timeout": config.get("timeout"), "verify": config.get("ca_file")}
        self.basic = config.get("token_endpoint_auth_method") == "client_secret_basic"
        client_id, scope = config.get("client_id"), config["scope"].split(" ") if "scope" in config else None
        grant = config.get("grant_type")
        if grant == "client_credentials":
            self.session = OAuth2Session(client=BackendApplicationClient(client_id, scope=scope))
        elif grant == "password":
            self.session = OAuth2Session(client=LegacyApplicationClient(client_id, scope=scope), **self._renewal())
        elif grant == "refresh_token":
            held = {"refresh_token": config["refresh_token"]} if "refresh_token" in config else None
            self.session = OAuth2Session(client_id, token=held, scope=scope, **self._renewal())
        else:
            raise Failure("config", f"requests-oauthlib has no back-channel client for grant_type {grant!r}")

    def get_token(self):
        if self.config["grant_type"] == "refresh_token":
            return self._refreshed()
        given = ("username", "password") if self.config["grant_type"] == "password" else ()
        owner = {name: self.config[name] for name in given if name in self.config}
        arguments = {**self._authentication(), **self.http, **owner, **self.config.get("additional_payload", {})}
        return self._exposed(self.session.fetch_token(self.config.get("token_url"), **arguments))

    def refresh(self):
        if not self.session.token.get("refresh_token"):
            raise Failure("config", "the session holds no refresh token")
        return self._refreshed()

    def request(self, method, url, headers, body):
        if not self.session.authorized:
            self.get_token()
        # With these two the session authenticates with Basic when it renews the token automatically.
        renewal = {name: self.config.get(name) for name in ("client_id", "client_secret")} if self.basic else {}
        data = None if body is None else body.encode()
        response = self.session.request(method, url, headers=headers, data=data, **renewal, **self.http)
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.session), str(self.session), repr(self.session.token), str(self.session.token)]

    def details(self, exception):
        if self.kind(exception) != "oauth":
            return {}
        # Its status_code is the default of the class; the client does not pass on the server's status.
        members = {
            "oauth_error": exception.error,
            "oauth_error_description": exception.description,
            "oauth_error_uri": exception.uri,
        }
        return {name: value for name, value in members.items() if isinstance(value, str) and value}

    def _renewal(self):
        """Return the arguments for automatic renewal of an expired token, as in the documentation on refreshing."""
        return {
            "auto_refresh_url": self.config.get("token_url"),
            "auto_refresh_kwargs": {} if self.basic else self._credentials(),
            "token_updater": lambda _: None,
        }

    def _credentials(self):
        return {name: self.config[name] for name in ("client_id", "client_secret") if name in self.config}

    def _authentication(self):
        """Return the authentication arguments of fetch_token; with the secret alone, the library selects the method."""
        if self.basic:
            return {"auth": HTTPBasicAuth(self.config.get("client_id"), self.config.get("client_secret"))}
        in_body = self.config.get("token_endpoint_auth_method") == "client_secret_post"
        return {"client_secret": self.config.get("client_secret"), "include_client_id": in_body or None}

    def _refreshed(self):
        """Exchange the refresh token; here the application must provide client authentication."""
        credentials = self._authentication() if self.basic else self._credentials()
        arguments = {**credentials, **self.http, **self.config.get("additional_payload", {})}
        return self._exposed(self.session.refresh_token(self.config.get("token_url"), **arguments))

    def _exposed(self, held):
        scope = held.get("scope")
        return token({**held, "scope": " ".join(scope)} if isinstance(scope, list) else held)


serve(RequestsOAuthlib())
