"""Drives httpx-oauth: the refresh of its generic OAuth2 client, the only grant without a browser."""

import platform
import ssl
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import httpx
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from httpx_oauth.oauth2 import NotSupportedAuthMethodError, OAuth2, OAuth2RequestError, RefreshTokenNotSupportedError

CLOCK = MovedClock()


class Client(OAuth2):
    """The client with the application's HTTP client, as in the documentation."""

    def __init__(self, http, *arguments, **more):
        super().__init__(*arguments, **more)
        self.http = http

    def get_httpx_client(self):
        return httpx.AsyncClient(**self.http)


class HttpxOAuth(Adapter):
    kinds = (
        ((NotSupportedAuthMethodError, RefreshTokenNotSupportedError, httpx.InvalidURL), "config"),
        # Both are raised while a response is read; the others have a cause, see below.
        (OAuth2RequestError, "protocol"),
    )

    def hello(self):
        return {
            "client": {
                "name": "httpx-oauth",
                "version": version("httpx-oauth"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, httpx {version('httpx')}",
                "url": "https://github.com/frankie567/httpx-oauth",
            },
            "grants": ["refresh_token"],
            "token_endpoint_auth_methods": ["client_secret_basic", "client_secret_post"],
            "parameters": ["ca_file", "timeout"],
            "capabilities": ["refresh", "parallel", "cancel", "tls", "proxy", "describe", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        if config.get("grant_type") != "refresh_token":
            raise Failure("config", f"httpx-oauth has no back-channel client for grant_type {config.get('grant_type')!r}")
        method = config.get("token_endpoint_auth_method")
        http = {"timeout": config["timeout"]} if "timeout" in config else {}
        if "ca_file" in config:
            http["verify"] = ssl.create_default_context(cafile=config["ca_file"])
        self.client = Client(
            http,
            config.get("client_id"),
            config.get("client_secret"),
            "https://server.invalid/authorize",
            config.get("token_url"),
            refresh_token_endpoint=config.get("token_url"),
            **({} if method is None else {"token_endpoint_auth_method": method}),
        )
        # The library stores nothing. The application stores the refresh token, and a null or an empty one replaces none.
        self.refresh_token, self.held = config.get("refresh_token"), None

    async def get_token(self):
        self.held = await self.client.refresh_token(self.refresh_token)
        self.refresh_token = self.held.get("refresh_token") or self.refresh_token
        return token(self.held)

    async def refresh(self):
        if not self.refresh_token:
            raise Failure("config", "there is no refresh token")
        return await self.get_token()

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.client), str(self.client), repr(self.held), str(self.held)]

    def kind(self, exception):
        cause = exception.__cause__
        if isinstance(cause, httpx.UnsupportedProtocol):
            return "config"
        if isinstance(cause, httpx.TimeoutException):
            return "timeout"
        if isinstance(cause, httpx.HTTPError):
            return "transport"
        return super().kind(exception)

    def details(self, exception):
        response = getattr(exception, "response", None)
        return {"http_status": response.status_code} if response is not None else {}


serve(HttpxOAuth())
