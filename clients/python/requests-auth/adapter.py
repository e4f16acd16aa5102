"""Drives requests-auth: its auth handlers for the client credentials and password grants."""

import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import requests
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from requests_auth import (
    AuthenticationFailed,
    GrantNotProvided,
    InvalidGrantRequest,
    InvalidToken,
    OAuth2ClientCredentials,
    OAuth2ResourceOwnerPasswordCredentials,
    TimeoutOccurred,
    TokenExpiryNotProvided,
)
from requests_trust import trust

CLOCK = MovedClock()


class RequestsAuth(Adapter):
    kinds = (
        (InvalidGrantRequest, "oauth"),
        ((GrantNotProvided, InvalidToken, TokenExpiryNotProvided, AuthenticationFailed), "protocol"),
        ((TimeoutOccurred, requests.Timeout), "timeout"),
        (requests.exceptions.InvalidURL, "config"),
        (requests.exceptions.InvalidSchema, "config"),
        (requests.exceptions.MissingSchema, "config"),
        # Its own class for a body that is not JSON.
        (requests.exceptions.JSONDecodeError, "protocol"),
        (requests.RequestException, "transport"),
    )

    def hello(self):
        return {
            "client": {
                "name": "requests-auth",
                "version": version("requests-auth"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, requests {version('requests')}",
                "url": "https://github.com/Colin-b/requests_auth",
            },
            "grants": ["client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic"],
            "parameters": ["scope", "additional_payload", "ca_file", "timeout"],
            "capabilities": ["cache", "auto_refresh", "resource", "parallel", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        trust(config.get("ca_file"))
        self.http = {"timeout": config["timeout"]} if "timeout" in config else {}
        optional = {**self.http, **config.get("additional_payload", {})}
        if "scope" in config:
            optional["scope"] = config["scope"]
        url, client = config.get("token_url"), (config.get("client_id"), config.get("client_secret"))
        grant = config.get("grant_type")
        if grant == "client_credentials":
            self.handler = OAuth2ClientCredentials(url, *client, **optional)
        elif grant == "password":
            owner = (config.get("username"), config.get("password"))
            if "client_id" in config:
                optional["session_auth"] = client
            self.handler = OAuth2ResourceOwnerPasswordCredentials(url, *owner, **optional)
        else:
            raise Failure("config", f"requests-auth has no back-channel client for grant_type {grant!r}")

    def get_token(self):
        # A handler gives its token only to requests; this request is never sent.
        prepared = requests.Request("GET", "https://resource.invalid/", auth=self.handler).prepare()
        return token({"access_token": prepared.headers["Authorization"].removeprefix("Bearer ")})

    def request(self, method, url, headers, body):
        data = None if body is None else body.encode()
        response = requests.request(method, url, headers=headers, data=data, auth=self.handler, **self.http)
        return {"status": response.status_code, "headers": list(response.headers.items()), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.handler), str(self.handler)]

    def kind(self, exception):
        # The handlers reject an argument with a plain Exception.
        if type(exception) is Exception and str(exception).endswith("is mandatory."):
            return "config"
        return super().kind(exception)


serve(RequestsAuth())
