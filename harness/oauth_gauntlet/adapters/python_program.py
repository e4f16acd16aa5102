"""The adapter program of a Python client (``py:package.module:factory``): the adapter protocol for a `ClientAdapter`.

The client runs in this process alone, so a call that never returns ends with it. `command` returns the command line.

The harness also asks for two operations that are no part of the protocol: ``move_clock`` and ``reset_clock`` move the clock
that this process reads, by time-machine (`process_clock.ProgramClock`).
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.early_exit import ADAPTER_BROKE
from oauth_gauntlet.adapters.process_clock import TravellingClock
from oauth_gauntlet.adapters.python_answers import ENDS_A_PROCESS, OF_EVERY_CLIENT, failure_of, spelled, value_to_json
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import (
    JSON,
    PROTOCOL_VERSION,
    ErrorInfo,
    ErrorKind,
    ProtocolViolation,
    ResourceRequest,
)

_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from oauth_gauntlet.adapters.python_program import main; main(*sys.argv[2:])"
)


def command(module: str, attribute: str) -> tuple[str, ...]:
    """Return the command that runs the client of a factory, with this interpreter and this process's import path."""
    return (sys.executable, "-c", _START, json.dumps(sys.path), module, attribute)


def main(module: str, attribute: str) -> None:
    """Answer requests on stdin until ``close`` or its end."""
    gc.disable()  # importing creates many objects, and no garbage
    # stdout is for answers only: what the client prints goes to stderr.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    factory: Any = importlib.import_module(module)
    for name in attribute.split("."):
        factory = getattr(factory, name)
    gc.freeze()
    gc.enable()
    program = PythonProgram(factory)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        try:
            answer = spelled({"id": request["id"], **program.answer(request["op"], request["args"])})
        except ProtocolViolation as violation:
            _log(f"the adapter broke the protocol on {request['op']}: {violation}")
            sys.exit(ADAPTER_BROKE)
        answers.write(answer.encode("ascii") + b"\n")
        answers.flush()  # a signal of the client may interrupt a write: this continues it
        if request["op"] == "close":
            return


class PythonProgram:
    """Answers the operations of the adapter protocol with the clients that `factory` makes, one for each instance."""

    def __init__(self, factory: Callable[[], ClientAdapter]) -> None:
        self._factory = factory
        self._clients = {"a": factory()}
        self._configured: set[str] = set()
        self._clock = TravellingClock()

    def answer(self, operation: str, args: Mapping[str, Any]) -> dict[str, JSON]:
        """Return the member ``ok`` or ``error`` of the answer to an operation.

        Raises:
            ProtocolViolation: the client returned something else than a value of the protocol.
        """
        try:
            return {"ok": self._ok(operation, args)}
        except (ProtocolViolation, *ENDS_A_PROCESS):
            raise
        except BaseException as error:
            failure = failure_of(operation, error)
            if failure.trace and failure is not error:
                _log(failure.trace)
            return {"error": value_to_json(failure.error)}

    def _ok(self, operation: str, args: Mapping[str, Any]) -> dict[str, JSON]:
        always: dict[str, Callable[[], dict[str, JSON]]] = {
            "hello": lambda: self._hello(),
            "now": lambda: {"now": self._now(), "utc_offset": time.localtime().tm_gmtoff},
            "move_clock": lambda: self._moved(args["seconds"]),
            "reset_clock": lambda: self._moved(None),
            "close": lambda: self._close(),
        }
        if operation in always:
            return always[operation]()
        name = args.get("instance", "a")
        if name not in self._clients:
            self._clients[name] = self._factory()
        client = self._clients[name]
        if operation == "configure":
            self._configured.discard(name)
            client.configure(args["config"])
            self._configured.add(name)
            return {}
        asked = _OPERATIONS.get(operation)
        if asked is None:
            raise NotImplementedError
        if name not in self._configured:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message="the client is not configured"))
        return asked(client, args)

    def _hello(self) -> dict[str, JSON]:
        hello = self._clients["a"].hello()
        capabilities = hello.capabilities | OF_EVERY_CLIENT
        declared: dict[str, JSON] = {**hello.declared(), "capabilities": sorted(capabilities)}
        return {"protocol": PROTOCOL_VERSION, "client": asdict(hello.client), **declared, "catches": True}

    def _now(self) -> float:
        try:
            return self._clients["a"].now()
        except NotImplementedError:
            return time.time()

    def _moved(self, seconds: float | None) -> dict[str, JSON]:
        if seconds is None:
            self._clock.reset()
        else:
            self._clock.advance(seconds)
        return {}

    def _close(self) -> dict[str, JSON]:
        for client in self._clients.values():
            client.close()
        return {}


def _log(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _get_tokens(client: ClientAdapter, args: Mapping[str, Any]) -> dict[str, JSON]:
    # A client that does not declare `cancel` need not have this parameter.
    cancel = (args["cancel"],) if args.get("cancel") else ()
    return _results("token", client.get_tokens(args["count"], *cancel))


def _requests(client: ClientAdapter, args: Mapping[str, Any]) -> dict[str, JSON]:
    cancel = (args["cancel"],) if args.get("cancel") else ()
    return _results("response", client.requests([ResourceRequest(**each) for each in args["requests"]], *cancel))


def _results(member: str, results: Sequence[object]) -> dict[str, JSON]:
    return {"results": [{"error" if isinstance(each, ErrorInfo) else member: value_to_json(each)} for each in results]}


def _request(client: ClientAdapter, args: Mapping[str, Any]) -> dict[str, JSON]:
    response = value_to_json(client.request(args["method"], args["url"], args["headers"], args["body"]))
    assert isinstance(response, dict)
    return response


def _advance_clock(client: ClientAdapter, args: Mapping[str, Any]) -> dict[str, JSON]:
    client.advance_clock(args["seconds"])
    return {}


_OPERATIONS: Mapping[str, Callable[[ClientAdapter, Mapping[str, Any]], dict[str, JSON]]] = {
    "get_token": lambda client, args: {"token": value_to_json(client.get_token())},  # noqa: ARG005
    "get_tokens": _get_tokens,
    "refresh": lambda client, args: {"token": value_to_json(client.refresh())},  # noqa: ARG005
    "request": _request,
    "requests": _requests,
    "advance_clock": _advance_clock,
    "describe": lambda client, args: {"texts": list(client.describe())},  # noqa: ARG005
}
