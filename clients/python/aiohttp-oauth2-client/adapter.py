"""Drives aiohttp-oauth2-client: its grants, and its middleware for authorised requests."""

import asyncio
import platform
import sys
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

import aiohttp
from adapter_loop import Adapter, Failure, MovedClock, serve, token
from aiohttp_oauth2_client.grant.client_credentials import ClientCredentialsGrant
from aiohttp_oauth2_client.grant.resource_owner_password_credentials import ResourceOwnerPasswordCredentialsGrant
from aiohttp_oauth2_client.middleware import OAuth2Middleware
from aiohttp_oauth2_client.models.errors import AuthError, OAuth2Error

CLOCK = MovedClock()


class AiohttpOAuth2Client(Adapter):
    kinds = (
        (OAuth2Error, "oauth"),
        (AuthError, "protocol"),
        (aiohttp.InvalidURL, "config"),
        (asyncio.TimeoutError, "timeout"),
        # A response that is not JSON.
        (aiohttp.ContentTypeError, "protocol"),
        (aiohttp.ClientError, "transport"),
    )
    grant = session = None

    def hello(self):
        return {
            "client": {
                "name": "aiohttp-oauth2-client",
                "version": version("aiohttp-oauth2-client"),
                "language": "python",
                "runtime": f"python {platform.python_version()}, aiohttp {version('aiohttp')}",
                "url": "https://github.com/VITObelgium/aiohttp-oauth2-client",
            },
            "grants": ["client_credentials", "password"],
            "token_endpoint_auth_methods": ["client_secret_post"],
            "parameters": ["scope", "additional_payload"],
            "capabilities": [
                "cache", "auto_refresh", "refresh", "resource", "parallel", "cancel", "describe", *CLOCK.capabilities,
            ],
        }  # fmt: skip

    async def configure(self, config):
        CLOCK.reset()
        for old in (self.session, self.grant):
            if old is not None:
                await old.close()
        self.session = self.grant = None
        credentials = {name: config[name] for name in ("client_id", "client_secret") if name in config}
        more = {**credentials, **config.get("additional_payload", {})}
        if "scope" in config:
            more["scope"] = config["scope"]
        if config.get("grant_type") == "client_credentials":
            self.grant = ClientCredentialsGrant(config.get("token_url"), **more)
        elif config.get("grant_type") == "password":
            owner = (config.get("username"), config.get("password"))
            self.grant = ResourceOwnerPasswordCredentialsGrant(config.get("token_url"), *owner, **more)
        else:
            raise Failure("config", f"the adapter drives no grant_type {config.get('grant_type')!r}")
        self.session = aiohttp.ClientSession(middlewares=(OAuth2Middleware(self.grant),))

    async def get_token(self):
        # The middleware calls this for each request; it requests a token if there is none, or if it has expired.
        await self.grant.prepare_headers()
        return token(self.grant.token.model_dump())

    async def refresh(self):
        if self.grant.token is None or not self.grant.token.refresh_token:
            raise Failure("config", "the grant holds no refresh token")
        await self.grant.refresh_token()
        return token(self.grant.token.model_dump())

    async def request(self, method, url, headers, body):
        data = None if body is None else body.encode()
        async with self.session.request(method, url, headers=headers, data=data) as response:
            text = await response.text()
        return {"status": response.status, "headers": list(response.headers.items()), "body": text}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def describe(self):
        return [repr(self.grant), str(self.grant), repr(self.grant.token), str(self.grant.token)]

    def details(self, exception):
        if isinstance(exception, aiohttp.ClientResponseError):
            return {"http_status": exception.status}
        if not isinstance(exception, OAuth2Error):
            return {}
        said = exception.response
        members = {
            "oauth_error": said.error,
            "oauth_error_description": said.error_description,
            "oauth_error_uri": said.error_uri,
        }
        return {name: value for name, value in members.items() if value is not None}


serve(AiohttpOAuth2Client())
