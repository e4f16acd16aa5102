"""The adapter protocol for Python clients: requests on stdin, answers on stdout. Keep it next to your adapter.

Subclass `Adapter`, implement what the client can do, and call ``serve(YourAdapter())`` at the end of your program. The
operations may be coroutines: then all of them run in one event loop, and `get_token` and `request` can be cancelled
(capability ``cancel``).
"""

import asyncio
import decimal
import importlib.util
import inspect
import json
import math
import numbers
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

# Seconds from the start of the calls that are cancelled to the start of the others, and from there to the cancellation.
LEAD_S = 0.1

# The exit code that says that the adapter itself broke, and not the client.
ADAPTER_BROKE = 70


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


def token(members):
    """Return the protocol's token for the members that the client returns to its application.

    Numbers may have any of Python's types. A member of a type other than the protocol's becomes None, with a note on stderr,
    and goes into ``extra``, unchanged. A client that returns None in place of a token has handed out one without members.
    """
    members = {} if members is None else members
    made = {name: None if (value := members.get(name)) is None else fitting(value) for name, (_, fitting) in _MEMBERS.items()}
    extra = {name: members[name] for name in members if name != "access_token" and made.get(name) is None}
    extra = {name: value for name, value in extra.items() if value is not None}
    for name in _MEMBERS.keys() & extra.keys():
        # The type only: the value may be a token.
        found, wanted = type(extra[name]).__name__, _MEMBERS[name][0]
        sys.stderr.write(f"adapter_loop: {name} is a {found}, not {wanted}, and is reported as null\n")
    return {"access_token": members.get("access_token"), **made, "extra": extra}


def _text(value):
    return value if isinstance(value, str) else None


def _number(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, (float, numbers.Real, decimal.Decimal)) and _finite(converted := float(value)):
        return converted
    return None


def _finite(value):
    return not isinstance(value, float) or math.isfinite(value)


_MEMBERS = {
    "token_type": ("a text", _text),
    "expires_in": ("a finite number", _number),
    "expires_at": ("a finite number", _number),
    "refresh_token": ("a text", _text),
    "scope": ("a text", _text),
}


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
    adapter's class. The loop declares it if the class can be called without arguments, and ``time_zone``.

    Every exception of `get_token` and the others is an answer, so the process ends only if the client ends it. If the loop
    breaks, or `kind` or `details`, it ends with `ADAPTER_BROKE`.
    """
    try:
        _serve(adapter)
    except Exception:
        traceback.print_exc()
        sys.exit(ADAPTER_BROKE)


def _serve(adapter):
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


# Exceptions that end an application by design. Each other one is an answer.
_ENDS_A_PROCESS = (SystemExit, KeyboardInterrupt)

# Operations that make several calls of another one at the same time.
_OF_ONE_CALLER = {"get_tokens": "get_token", "requests": "request"}


def _request(members):
    return members["method"], members["url"], members["headers"], members["body"]


def _now(args):
    # The short sleep shows that sleeping works while the clock is moved from outside.
    time.sleep(0.001)
    return {"now": time.time(), "utc_offset": time.localtime().tm_gmtoff}


class _Loop:
    def __init__(self, adapter, runner):
        self.adapter = adapter
        self.runner = runner
        self.configured = False
        self.always = {"hello": self._hello, "configure": self._configure, "close": lambda args: {}, "now": _now}
        self.when_configured = {
            "get_token": lambda args: {"token": self._settled(adapter.get_token())},
            "get_tokens": lambda args: self._results("token", adapter.get_token, [()] * args["count"], args),
            "refresh": lambda args: {"token": self._settled(adapter.refresh())},
            "request": lambda args: self._settled(adapter.request(*_request(args))),
            "requests": lambda args: self._results("response", adapter.request, map(_request, args["requests"]), args),
            "advance_clock": lambda args: adapter.advance_clock(args["seconds"]) or {},
            "describe": lambda args: {"texts": adapter.describe()},
        }

    def answer(self, op, args):
        try:
            return {"ok": self._operation(op)(args)}
        except _ENDS_A_PROCESS:
            raise
        except BaseException as exception:  # asyncio.CancelledError and gevent.Timeout are no Exception
            return {"error": self._error(exception)}

    def _operation(self, op):
        if op in self.always:
            return self.always[op]
        if op not in self.when_configured or getattr(self.adapter, _OF_ONE_CALLER.get(op, op)) is None:
            raise Failure("unexpected", f"unknown operation {op!r}")
        if not self.configured:
            raise Failure("config", "there is no client: configure has not succeeded")
        return self.when_configured[op]

    def _settled(self, value):
        return self.runner.run(value) if inspect.iscoroutine(value) else value

    def _hello(self, args):
        hello = self.adapter.hello()
        more = ["instances"] if _callable_without_arguments(type(self.adapter)) else []
        return {"protocol": 1, "catches": True, **hello, "capabilities": [*hello.get("capabilities", []), "time_zone", *more]}

    def _configure(self, args):
        self.configured = False
        self._settled(self.adapter.configure(args["config"]))
        self.configured = True
        return {}

    def _results(self, member, operation, calls, args):
        """Call `operation` with the arguments of all `calls` at the same time; an answer has its value as `member`."""
        calls = list(calls)
        if inspect.iscoroutinefunction(operation):
            return {"results": self.runner.run(self._tasks(member, operation, calls, args.get("cancel", 0)))}
        start = threading.Barrier(len(calls))

        def one(call):
            start.wait()
            try:
                return {member: operation(*call)}
            except _ENDS_A_PROCESS:
                raise
            except BaseException as exception:
                return {"error": self._error(exception)}

        with ThreadPoolExecutor(len(calls)) as pool:
            return {"results": list(pool.map(one, calls))}

    async def _tasks(self, member, operation, calls, cancel):
        tasks = [asyncio.create_task(operation(*call)) for call in calls[:cancel]]
        if cancel:
            await asyncio.sleep(LEAD_S)
        tasks += [asyncio.create_task(operation(*call)) for call in calls[cancel:]]
        if cancel:
            await asyncio.sleep(LEAD_S)
        for task in tasks[:cancel]:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        return [self._outcome(member, outcome, place < cancel) for place, outcome in enumerate(outcomes)]

    def _outcome(self, member, outcome, to_be_cancelled):
        if to_be_cancelled and isinstance(outcome, asyncio.CancelledError):
            return {"error": {"kind": "cancelled", "message": "the caller cancelled it", "type": _type(outcome)}}
        return {"error": self._error(outcome)} if isinstance(outcome, BaseException) else {member: outcome}

    def _error(self, exception):
        if isinstance(exception, Failure):
            cause = exception.__cause__
            native = _type(cause) if cause else ""
            kind, details = exception.kind, exception.details
        else:
            native = _type(exception)
            kind, details = self.adapter.kind(exception), self.adapter.details(exception)
        if kind == "unexpected":
            _say_where(exception)
        return {**_fitting(details), "kind": kind, "message": _message(exception), "type": native}


def _message(exception):
    try:
        return str(exception)
    except Exception as error:
        # A client's __str__ may return what a server sent, of any type.
        return f"the exception cannot be converted to a text: {type(error).__name__}"


# Members of an error, with their types.
_DETAILS = {
    "oauth_error": str,
    "oauth_error_description": str,
    "oauth_error_uri": str,
    "http_status": int,
    "retry_after": (int, float),
}


def _fitting(details):
    """Return the details with null in place of values of another type than the protocol's; stderr names these."""
    fitting = {}
    for name, value in details.items():
        fits = name not in _DETAILS or (isinstance(value, _DETAILS[name]) and not isinstance(value, bool) and _finite(value))
        if not fits and value is not None:
            _log(f"{name} is a {type(value).__name__}, and is reported as null\n")
        fitting[name] = value if fits else None
    return fitting


def _say_where(exception):
    """Write to stderr where an exception was raised, without its message, which may contain secrets."""
    frames = traceback.format_list(traceback.extract_tb(exception.__traceback__))
    _log(f"{_type(exception)}, raised here (the last call is last):\n{''.join(frames)}")


def _log(text):
    sys.stderr.write(f"adapter_loop: {text}")
    sys.stderr.flush()


def _type(exception):
    native = type(exception)
    return f"{native.__module__}.{native.__qualname__}"
