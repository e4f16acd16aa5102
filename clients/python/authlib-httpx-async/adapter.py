"""Drives the AsyncOAuth2Client of Authlib's integration of httpx."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

from adapter_loop import serve, token
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib_httpx import AuthlibHttpx, shown


class Authlib(AuthlibHttpx):
    native = AsyncOAuth2Client

    def hello(self):
        declared = super().hello()
        return {**declared, "capabilities": [*declared["capabilities"], "parallel", "cancel"]}

    async def configure(self, config):
        super().configure(config)

    async def get_token(self):
        return token(await self.granted())

    async def refresh(self):
        return token(await self.to_be_refreshed())

    async def request(self, method, url, headers, body):
        if not self.holds_a_token():
            await self.get_token()
        content = None if body is None else body.encode()
        return shown(await self.session.request(method, url, headers=headers, content=content))


serve(Authlib())
