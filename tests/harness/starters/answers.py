"""An adapter with the loop of the Python starter; the configured client_id selects the behaviour of its client.

test_python.py starts it with the starter's folder in PYTHONPATH.
"""

import asyncio
import sys
import threading

from adapter_loop import Adapter, Failure, MovedClock, serve, token

CLOCK = MovedClock()
THREE = threading.Barrier(3)


class OfAnotherLibrary(BaseException):
    """As gevent.Timeout."""


class Answers(Adapter):
    kinds = ((LookupError, "protocol"), (OfAnotherLibrary, "timeout"))

    def hello(self):
        return {
            "client": {"name": "answers"},
            "grants": ["client_credentials"],
            "capabilities": ["parallel", "resource", *CLOCK.capabilities],
        }

    def configure(self, config):
        CLOCK.reset()
        if config["client_id"] == "refused":
            raise Failure("config", "refused")
        self.behaviour = config["client_id"]

    def get_token(self):
        return getattr(self, self.behaviour.replace(" ", "_"))()

    def request(self, method, url, headers, body):
        THREE.wait()
        return {"status": 200, "headers": list(headers.items()), "body": f"{method} {url} {body}"}

    def advance_clock(self, seconds):
        CLOCK.advance(seconds)

    def prints(self):
        print("not an answer")
        return token({"access_token": "one"})

    def raises_a_lookup_error(self):
        raise KeyError("nothing")

    def raises_an_undocumented_error(self):
        raise ZeroDivisionError("by zero")

    def raises_what_is_no_exception(self):
        raise OfAnotherLibrary("in time")

    def exits(self):
        sys.exit("it is over")

    def raises_a_failure_with_a_cause(self):
        raise Failure("timeout", "too slow") from TimeoutError()

    def raises_an_oauth_failure(self):
        raise Failure("oauth", "invalid_scope: no", oauth_error="invalid_scope", http_status=400)

    def returns_members_of_other_types(self):
        return token({"access_token": "one", "expires_in": float("nan"), "scope": ["a"], "token_type": True, "more": None})

    def returns_a_large_integer(self):
        return token({"access_token": "one", "expires_in": 10**400})

    def returns_deep_nesting(self):
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
        await asyncio.sleep(1 if self.behaviour == "waits" else 0)
        return token({"access_token": str(asyncio.get_running_loop() is self.loop)})


serve(Awaits() if "awaits" in sys.argv else Answers())
