"""An adapter on the Python starter's loop, whose client does what its client_id says; test_python.py drives it."""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "harness/oauth_gauntlet/starters/python"))

from adapter_loop import Adapter, Failure, MovedClock, serve, token

CLOCK = MovedClock()


class Answers(Adapter):
    kinds = ((LookupError, "protocol"),)

    def hello(self):
        return {
            "client": {"name": "answers"},
            "grants": ["client_credentials"],
            "capabilities": ["parallel", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.put_back()
        if config["client_id"] == "refused":
            raise Failure("config", "refused")
        self.behaviour = config["client_id"]

    def get_token(self):
        return getattr(self, self.behaviour.replace(" ", "_"))()

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def prints(self):
        print("not an answer")
        return token({"access_token": "one"})

    def is_a_lookup(self):
        raise KeyError("nothing")

    def is_nothing_known(self):
        raise ZeroDivisionError("by zero")

    def says_why(self):
        raise Failure("timeout", "too slow") from TimeoutError()

    def is_told_of_an_error(self):
        raise Failure("oauth", "invalid_scope: no", oauth_error="invalid_scope", http_status=400)

    def hands_out_odd_members(self):
        return token({"access_token": "one", "expires_in": float("nan"), "scope": ["a"], "token_type": True, "more": None})

    def hands_out_what_is_nested(self):
        nested = []
        for _ in range(100_000):
            nested = [nested]
        return token({"access_token": "one", "nested": nested})


class Awaits(Answers):
    def hello(self):
        return {**super().hello(), "capabilities": ["parallel", "cancel"]}

    async def configure(self, config):
        await asyncio.sleep(0)
        super().configure(config)
        self.loop = asyncio.get_running_loop()

    async def get_token(self):
        if self.behaviour == "cancels itself":
            asyncio.current_task().cancel()
        await asyncio.sleep(0.5 if self.behaviour == "waits" else 0)
        return token({"access_token": str(asyncio.get_running_loop() is self.loop)})


serve(Awaits() if "awaits" in sys.argv else Answers())
