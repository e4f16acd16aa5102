"""The adapter protocol for Python clients: requests on stdin, answers on stdout. Keep it next to your adapter.

Subclass `Adapter`, implement what the client can do, and call ``serve(YourAdapter())`` at the end of your program. The
operations may be coroutines: then all of them run in one event loop, and `get_token` can be cancelled (capability
``cancel``).
"""

import asyncio
import importlib.util
import inspect
import json
import math
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

# Seconds from the start of the calls that are cancelled to the start of the others, and from there to the cancellation.
LEAD_S = 0.1


class Failure(Exception):
    """An error of kind `kind`, for what is reported without an exception of the client, or ``from`` such an exception.

    `details` are further members of the error: ``oauth_error``, ``http_status``, ...
    """

    def __init__(self, kind, message, **details):
        super().__init__(message)
        self.kind = kind
        self.details = details


class Adapter:
    """The operations of the protocol; override what the client can do, and declare it in `hello`.

    Do not catch the client's exceptions. `kinds` maps the classes that the client documents to the protocol's kinds. The
    first match counts; any other exception is answered with kind ``unexpected``.
    """

    kinds = ()

    def hello(self):
        """Return the members ``client``, ``grants``, ``token_endpoint_auth_methods``, ``parameters``, ``capabilities``."""
        raise NotImplementedError

    def configure(self, config):
        """Discard all state and create a new client; send nothing."""
        raise NotImplementedError

    def get_token(self):
        """Return the client's token, converted by `token`."""
        raise NotImplementedError

    # Optional; each has its own capability:
    refresh = None  # () -> the new token, converted by `token`
    request = None  # (method, url, headers, body) -> {"status": ..., "headers": [[name, value], ...], "body": ...}
    advance_clock = None  # (seconds) -> None; `MovedClock` moves the clock of the process
    describe = None  # () -> the client's own string forms

    def kind(self, exception):
        """Return the kind of an exception; override it if the table `kinds` is not enough."""
        return next((kind for native, kind in self.kinds if isinstance(exception, native)), "unexpected")

    def details(self, exception):
        """Return further members of the error from the exception: ``oauth_error``, ``http_status``, ..."""
        return {}


_MEMBERS = {
    "token_type": str,
    "expires_in": (int, float),
    "expires_at": (int, float),
    "refresh_token": str,
    "scope": str,
}


def token(members):
    """Return the protocol's token for the members that the client returns to its application.

    A member of a type other than the protocol's goes into ``extra``, unchanged.
    """
    fits = {
        name: value
        for name, native in _MEMBERS.items()
        if isinstance(value := members.get(name), native) and not isinstance(value, bool) and _finite(value)
    }
    rest = {name: value for name, value in members.items() if name not in fits and name != "access_token"}
    extra = {name: value for name, value in rest.items() if value is not None}
    return {"access_token": members.get("access_token"), **dict.fromkeys(_MEMBERS), **fits, "extra": extra}


def _finite(value):
    return not isinstance(value, float) or math.isfinite(value)


class MovedClock:
    """The clock that ``time`` and ``datetime`` read, moved by time-machine if it is installed. The monotonic clock stays.

    It gives a client that reads the time of its process the capability ``clock``: call `advance` in
    `Adapter.advance_clock`, and `reset` in `Adapter.configure`.
    """

    capabilities = ("clock",) if importlib.util.find_spec("time_machine") else ()

    def __init__(self):
        self._travel, self._ahead = None, 0.0

    def advance(self, seconds):
        """Move the clock by `seconds`, which may be negative."""
        import time_machine

        ahead = self._ahead + seconds
        self.reset()
        self._ahead = ahead
        self._travel = time_machine.travel(time.time() + ahead, tick=True)
        self._travel.start()

    def reset(self):
        """Reset the clock to the time of the machine."""
        if self._travel:
            self._travel.stop()
        self._travel, self._ahead = None, 0.0


def serve(adapter):
    """Answer requests until ``close`` or the end of stdin.

    The harness may ask for further clients in this process (capability ``instances``): each is another object of the
    adapter's class. The loop declares it if the class can be called without arguments.
    """
    # stdout is for answers only: what the client prints goes to stderr.
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    with asyncio.Runner() as runner:
        loops = {"a": _Loop(adapter, runner)}
        for line in sys.stdin.buffer:
            request = json.loads(line)
            args = request.get("args") or {}
            name = args.get("instance", "a")
            if name not in loops:
                loops[name] = _Loop(type(adapter)(), runner)
            answer = {"id": request["id"], **loops[name].answer(request["op"], args)}
            answers.write(_encoded(answer).encode("ascii") + b"\n")
            answers.flush()
            if request["op"] == "close":
                return


def _encoded(answer):
    try:
        return json.dumps(answer, default=str)
    except RecursionError:
        # What is nested too deeply to be encoded again is left out: the client has accepted it, and only that matters.
        answer["ok"]["token"]["extra"] = {}
        return json.dumps(answer, default=str)


def _callable_without_arguments(native):
    try:
        inspect.signature(native).bind()
    except TypeError:
        return False
    return True


def _now(args):
    # The short sleep shows that sleeping works while the clock is moved from outside.
    time.sleep(0.001)
    return {"now": time.time()}


class _Loop:
    def __init__(self, adapter, runner):
        self.adapter = adapter
        self.runner = runner
        self.configured = False
        self.always = {"hello": self._hello, "configure": self._configure, "close": lambda args: {}, "now": _now}
        self.when_configured = {
            "get_token": lambda args: {"token": self._settled(adapter.get_token())},
            "get_tokens": lambda args: {"results": self._together(args["count"], args.get("cancel", 0))},
            "refresh": lambda args: {"token": self._settled(adapter.refresh())},
            "request": lambda args: self._settled(
                adapter.request(args["method"], args["url"], args["headers"], args["body"]),
            ),
            "advance_clock": lambda args: adapter.advance_clock(args["seconds"]) or {},
            "describe": lambda args: {"texts": adapter.describe()},
        }

    def answer(self, op, args):
        try:
            return {"ok": self._operation(op)(args)}
        except (Exception, asyncio.CancelledError) as exception:
            return {"error": self._error(exception)}

    def _operation(self, op):
        if op in self.always:
            return self.always[op]
        if op not in self.when_configured or getattr(self.adapter, op, self._together) is None:
            raise Failure("unexpected", f"unknown operation {op!r}")
        if not self.configured:
            raise Failure("config", "there is no client: configure has not succeeded")
        return self.when_configured[op]

    def _settled(self, value):
        return self.runner.run(value) if inspect.iscoroutine(value) else value

    def _hello(self, args):
        hello = self.adapter.hello()
        more = ["instances"] if _callable_without_arguments(type(self.adapter)) else []
        return {"protocol": 1, **hello, "capabilities": [*hello.get("capabilities", []), *more]}

    def _configure(self, args):
        self.configured = False
        self._settled(self.adapter.configure(args["config"]))
        self.configured = True
        return {}

    def _together(self, count, cancel):
        if inspect.iscoroutinefunction(self.adapter.get_token):
            return self.runner.run(self._tasks(count, cancel))
        start = threading.Barrier(count)

        def one(_):
            start.wait()
            try:
                return {"token": self.adapter.get_token()}
            except Exception as exception:
                return {"error": self._error(exception)}

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    async def _tasks(self, count, cancel):
        tasks = [asyncio.create_task(self.adapter.get_token()) for _ in range(cancel)]
        if cancel:
            await asyncio.sleep(LEAD_S)
        tasks += [asyncio.create_task(self.adapter.get_token()) for _ in range(count - cancel)]
        if cancel:
            await asyncio.sleep(LEAD_S)
        for task in tasks[:cancel]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        return [self._outcome(outcome, place < cancel) for place, outcome in enumerate(outcomes)]

    def _outcome(self, outcome, to_be_cancelled):
        if to_be_cancelled and isinstance(outcome, asyncio.CancelledError):
            return {"error": {"kind": "cancelled", "message": "the caller cancelled it", "type": _type(outcome)}}
        return {"error": self._error(outcome)} if isinstance(outcome, BaseException) else {"token": outcome}

    def _error(self, exception):
        if isinstance(exception, Failure):
            cause = exception.__cause__
            native = _type(cause) if cause else ""
            return {"kind": exception.kind, "message": str(exception), "type": native, **exception.details}
        return {
            "kind": self.adapter.kind(exception),
            "message": str(exception),
            "type": _type(exception),
            **self.adapter.details(exception),
        }


def _type(exception):
    native = type(exception)
    return f"{native.__module__}.{native.__qualname__}"
