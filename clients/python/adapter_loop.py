"""The adapter protocol's loop, for Python clients in a process of their own. Copy it beside your adapter.

Subclass `Adapter`, implement what your client can do, and call `serve(YourAdapter())`. Raise `Failure` for what your
client documents as an error; everything else is answered as kind "unexpected".
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor


class Failure(Exception):
    """An error of the client, of one of the protocol's kinds."""

    def __init__(self, kind, cause, **more):
        super().__init__(str(cause))
        self.answer = error(kind, cause, **more)


def error(kind, cause, **more):
    """The protocol's form of an error."""
    name = f"{type(cause).__module__}.{type(cause).__qualname__}" if isinstance(cause, BaseException) else ""
    fields = {"oauth_error": None, "oauth_error_description": None, "oauth_error_uri": None, "http_status": None}
    return {"kind": kind, "message": str(cause), "type": name, "retry_after": None, **fields, **more}


def number(value):
    """A number as the protocol has it, or None: what a client exposes of another type has no place there."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def text(value):
    """Text as the protocol has it, or None."""
    return value if isinstance(value, str) and value else None


class Adapter:
    """The operations; `configured` is true once a configuration was accepted."""

    configured = False

    def hello(self):
        raise NotImplementedError

    def configure(self, config):
        raise NotImplementedError

    def get_token(self):
        raise NotImplementedError

    def get_tokens(self, count):
        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(lambda _: self._outcome(), range(count)))

    def _outcome(self):
        try:
            return {"token": self.get_token()}
        except Failure as failure:
            return {"error": failure.answer}
        except Exception as cause:
            return {"error": error("unexpected", cause)}


def answer(adapter, op, args):
    """The answer to one operation, without its id."""
    try:
        if op == "hello":
            return {"ok": adapter.hello()}
        if op == "configure":
            adapter.configured = False
            adapter.configure(args["config"])
            adapter.configured = True
            return {"ok": {}}
        method = getattr(adapter, op, None) if op in OPERATIONS else None
        if method is None:
            return {"error": error("unexpected", f"unknown operation {op}")}
        if not adapter.configured:
            return {"error": error("config", "the client is not configured")}
        return {"ok": OPERATIONS[op](method, args)}
    except Failure as failure:
        return {"error": failure.answer}
    except Exception as cause:
        return {"error": error("unexpected", cause)}


OPERATIONS = {
    "get_token": lambda method, args: {"token": method()},
    "get_tokens": lambda method, args: {"results": method(args["count"])},
    "refresh": lambda method, args: {"token": method()},
    "request": lambda method, args: method(args["method"], args["url"], args["headers"], args["body"]),
    "advance_clock": lambda method, args: method(args["seconds"]) or {},
    "describe": lambda method, args: {"texts": method()},
}


def serve(adapter):
    """Answer operations until close, or the end of stdin. Prints of the client go to stderr."""
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        closing = request["op"] == "close"
        reply = {"ok": {}} if closing else answer(adapter, request["op"], request["args"])
        out.write(json.dumps({"id": request["id"], **reply}) + "\n")
        out.flush()
        if closing:
            return
