"""An adapter whose client answers an authorised request with what it was asked, by coroutines; threads are in answers.py.

The configured client_id selects the members of its token.
"""

import asyncio
import decimal
import fractions

from adapter_loop import Adapter, serve, token

TOKENS = {
    "numbers": {"expires_in": decimal.Decimal(3600), "expires_at": fractions.Fraction(3601, 2), "scope": "a"},
    "odd": {"expires_in": ["soon"], "refresh_token": 5, "scope": ["secret"], "token_type": "Bearer"},
}


class Unreadable(Exception):
    def __str__(self):
        return self.args[0]


class OddDetails(Exception):
    pass


ERRORS = {
    "odd error": ValueError({"error": "a"}, 5),
    "unreadable error": Unreadable(["a"]),
    "odd details": OddDetails(5),
}


class Echoes(Adapter):
    kinds = ((LookupError, "protocol"), (OddDetails, "oauth"))

    def hello(self):
        return {"client": {"name": "echoes"}, "grants": [], "capabilities": ["resource", "parallel", "cancel"]}

    def configure(self, config):
        self.three = asyncio.Barrier(3)
        self.behaviour = config.get("client_id")

    def details(self, exception):
        return {"oauth_error": ["a"], "http_status": "400", "retry_after": float("nan"), "message": 5}

    async def get_token(self):
        if self.behaviour in ERRORS:
            raise ERRORS[self.behaviour]
        return token(None if self.behaviour == "nothing" else {"access_token": "one", **TOKENS[self.behaviour]})

    async def request(self, method, url, headers, body):
        if url == "meets":
            await self.three.wait()
        if url == "waits":
            await asyncio.Event().wait()
        if url == "fails":
            raise LookupError(body)
        return {"status": 200, "headers": list(headers.items()), "body": f"{method} {url} {body}"}


serve(Echoes())
