"""Drives httpx-auth: its auth handlers for the client credentials and password grants."""

import platform
import ssl
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import httpx
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from httpx_auth import (
    AuthenticationFailed,
    GrantNotProvided,
    InvalidGrantRequest,
    InvalidToken,
    OAuth2ClientCredentials,
    OAuth2ResourceOwnerPasswordCredentials,
    TimeoutOccurred,
    TokenExpiryNotProvided,
)

CLOCK = MovedClock()


class HttpxAuth(Adapter):
    kinds = (
        (InvalidGrantRequest, "oauth"),
        ((GrantNotProvided, InvalidToken, TokenExpiryNotProvided, AuthenticationFailed), "protocol"),
        ((TimeoutOccurred, httpx.TimeoutException), "timeout"),
        ((httpx.InvalidURL, httpx.UnsupportedProtocol), "config"),
        (httpx.HTTPError, "transport"),
    )

    def hello(self):
        return {
            "client": {
                "name": "httpx-auth",
                "version": version("httpx-auth"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, httpx {version('httpx')}",
                "url": "https://github.com/Colin-b/httpx_auth",
            },
            "grants": ["client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_basic"],
            "parameters": ["scope", "additional_payload", "ca_file", "timeout"],
            "capabilities": ["cache", "auto_refresh", "resource", "parallel", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        self.http = {"timeout": config["timeout"]} if "timeout" in config else {}
        optional = {**self.http, **config.get("additional_payload", {})}
        if "ca_file" in config:
            self.http["verify"] = ssl.create_default_context(cafile=config["ca_file"])
            optional["client"] = httpx.Client(**self.http)
        if "scope" in config:
            optional["scope"] = config["scope"]
        url, client = config.get("token_url"), (config.get("client_id"), config.get("client_secret"))
        grant = config.get("grant_type")
        if grant == "client_credentials":
            self.handler = OAuth2ClientCredentials(url, *client, **optional)
        elif grant == "password":
            owner = (config.get("username"), config.get("password"))
            if "client_id" in config:
                optional["client_auth"] = client
            self.handler = OAuth2ResourceOwnerPasswordCredentials(url, *owner, **optional)
        else:
            raise Failure("config", f"httpx-auth has no back-channel client for grant_type {grant!r}")

    def get_token(self):
        # A handler gives its token only to httpx; this request is never sent.
        authorised = next(self.handler.sync_auth_flow(httpx.Request("GET", "https://resource.invalid/")))
        return token({"access_token": authorised.headers["Authorization"].removeprefix("Bearer ")})

    def request(self, method, url, headers, body):
        content = None if body is None else body.encode()
        response = httpx.request(method, url, headers=headers, content=content, auth=self.handler, **self.http)
        return {"status": response.status_code, "headers": response.headers.multi_items(), "body": response.text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.handler), str(self.handler)]

    def kind(self, exception):
        # The handlers reject an argument with a plain Exception.
        if type(exception) is Exception and str(exception).endswith("is mandatory."):
            return "config"
        return super().kind(exception)


serve(HttpxAuth())
