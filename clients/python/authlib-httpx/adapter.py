"""Drives the OAuth2Client of Authlib's integration of httpx."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[3] / "harness/oauth_gauntlet/starters/python"), str(HERE.parents[1] / "_shared")]

from adapter_loop import serve, token
from authlib.integrations.httpx_client import OAuth2Client
from authlib_httpx import AuthlibHttpx, shown


class Authlib(AuthlibHttpx):
    native = OAuth2Client

    def get_token(self):
        return token(self.granted())

    def refresh(self):
        return token(self.to_be_refreshed())

    def request(self, method, url, headers, body):
        if not self.holds_a_token():
            self.get_token()
        return shown(self.session.request(method, url, headers=headers, content=None if body is None else body.encode()))


serve(Authlib())
