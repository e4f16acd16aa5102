"""Drives requests-oauth2client: its OAuth2Client, and its auth handlers for authorised requests."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from jwskate import Jwk
from requests_oauth2client import (
    ClientSecretBasic,
    ClientSecretJwt,
    ClientSecretPost,
    EndpointError,
    ExpiredAccessToken,
    InvalidDiscoveryDocument,
    InvalidParam,
    InvalidTokenResponse,
    InvalidUri,
    MissingEndpointUri,
    MissingRefreshToken,
    NonRenewableTokenError,
    OAuth2AccessTokenAuth,
    OAuth2Client,
    OAuth2ClientCredentialsAuth,
    OAuth2Error,
    OAuth2ResourceOwnerPasswordAuth,
    PrivateKeyJwt,
    PublicApp,
    UnsupportedClientCredentials,
)
from requests_trust import trust

CLOCK = MovedClock()

ASSERTIONS = ("client_secret_jwt", "private_key_jwt")


class RequestsOAuth2Client(Adapter):
    kinds = (
        ((InvalidParam, InvalidUri, MissingEndpointUri, UnsupportedClientCredentials, MissingRefreshToken), "config"),
        (EndpointError, "oauth"),
        ((InvalidTokenResponse, InvalidDiscoveryDocument, ExpiredAccessToken, NonRenewableTokenError), "protocol"),
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        (requests.Timeout, "timeout"),
        (requests.RequestException, "transport"),
    )

    def hello(self):
        return {
            "client": {
                "name": "requests-oauth2client",
                "version": version("requests-oauth2client"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/guillp/requests_oauth2client",
            },
            "grants": ["refresh_token", "client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post", *ASSERTIONS, "none"],
            "parameters": ["scope", "additional_payload", "ca_file", "allow_http", "timeout", "issuer"],
            "capabilities": ["auto_refresh", "refresh", "resource", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        self.config = config
        trust(config.get("ca_file"))
        self.http = {"timeout": config["timeout"]} if "timeout" in config else {}
        # For the grant refresh_token the application stores the refresh token; an empty one replaces none.
        self.stored = config.get("refresh_token")
        self.client = self.handler = None
        # "testing" allows a URL that is not https.
        self.known = {**self._authentication(), "testing": config.get("allow_http", False)}
        if "issuer" not in config:
            self._start()

    def get_token(self):
        self._start()
        return self._exposed(self._granted())

    def refresh(self):
        self._start()
        if self.handler.token is None:
            raise Failure("config", "there is no token to refresh")
        return self._exposed(self._refreshed(self.handler.token))

    def request(self, method, url, headers, body):
        self._start()
        # Without a token the other handlers request one.
        if self.config["grant_type"] == "refresh_token" and self.handler.token is None:
            self.get_token()
        data = None if body is None else body.encode()
        response = requests.request(method, url, headers=headers, data=data, auth=self.handler, **self.http)
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [text(part) for part in (self.client, self.handler, self.handler.token) for text in (repr, str)]

    def details(self, exception):
        if not isinstance(exception, OAuth2Error):
            return {}
        members = {
            "oauth_error": getattr(exception, "error", None),
            "oauth_error_description": exception.description,
            "oauth_error_uri": getattr(exception, "uri", None),
        }
        said = {name: value for name, value in members.items() if isinstance(value, str)}
        return {"http_status": exception.response.status_code, **(said if isinstance(exception, EndpointError) else {})}

    def _start(self):
        """Create the client, as an application does when it starts: with an issuer the library then sends requests."""
        if self.client is not None:
            return
        if "issuer" in self.config:
            self.client = OAuth2Client.from_discovery_endpoint(issuer=self.config["issuer"], **self.known)
        else:
            self.client = OAuth2Client(self.config.get("token_url"), **self.known)
        self.handler = self._handler(self.config.get("grant_type"))

    def _authentication(self):
        """Return the authentication method; with the credentials alone, the library selects it."""
        method, client_id = self.config.get("token_endpoint_auth_method"), self.config.get("client_id")
        if method in ("client_secret_basic", "client_secret_post"):
            native = ClientSecretBasic if method == "client_secret_basic" else ClientSecretPost
            return {"auth": native(client_id, self.config.get("client_secret"))}
        if method == "client_secret_jwt":
            return {"auth": ClientSecretJwt(client_id, self.config.get("client_secret"))}
        if method == "private_key_jwt":
            # The library requires a key with an id, and the algorithm.
            key = Jwk.from_pem(self.config.get("private_key")).with_kid_thumbprint()
            return {"auth": PrivateKeyJwt(client_id, key, alg="ES256" if key.kty == "EC" else "RS256")}
        if method == "none":
            return {"auth": PublicApp(client_id)}
        return {name: self.config[name] for name in ("client_id", "client_secret") if name in self.config}

    def _parameters(self):
        scope = {"scope": self.config["scope"]} if "scope" in self.config else {}
        return {**scope, **self.config.get("additional_payload", {})}

    def _owner(self):
        return {name: self.config.get(name) for name in ("username", "password")}

    def _handler(self, grant):
        if grant == "refresh_token":
            return OAuth2AccessTokenAuth(self.client, None, **self._parameters(), requests_kwargs=self.http)
        if grant == "client_credentials":
            return OAuth2ClientCredentialsAuth(self.client, **self._parameters(), requests_kwargs=self.http)
        if grant == "password":
            owner = self._owner()
            return OAuth2ResourceOwnerPasswordAuth(self.client, **owner, **self._parameters(), requests_kwargs=self.http)
        raise Failure("config", f"the adapter drives no grant_type {grant!r}")

    def _granted(self):
        arguments = {**self._parameters(), "requests_kwargs": self.http}
        if self.config["grant_type"] == "client_credentials":
            return self.client.client_credentials(**arguments)
        if self.config["grant_type"] == "password":
            return self.client.resource_owner_password(**self._owner(), **arguments)
        return self._refreshed(self.stored)

    def _refreshed(self, held):
        """Exchange the text that the application has stored, or the refresh token of the library's own token."""
        # The scope is sent with the configured grant only; a later refresh keeps the granted scope (RFC 6749 section 6).
        configured = self.config["grant_type"] == "refresh_token"
        parameters = self._parameters() if configured else self.config.get("additional_payload", {})
        return self.client.refresh_token(held, requests_kwargs=self.http, **parameters)

    def _exposed(self, new):
        self.handler.token = new
        self.stored = new.refresh_token or self.stored
        return token({**new.as_dict(), "expires_at": new.expires_at and new.expires_at.timestamp()})


serve(RequestsOAuth2Client())
