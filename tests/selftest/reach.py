"""Which scenarios a bug can make a difference to.

One run of the reference client is watched. Beside each part that only computes (reading a configuration, building a
request, reading an answer) the same part of every altered client is asked the same, and it is noted where it says
something else. Of what acts (the client itself, the exchanges) it is noted that it was called. A client of which no part
said anything else, and no method that it overrides was called, does in that scenario just what the reference client does:
its verdict is known without running it.
"""

from __future__ import annotations

import inspect
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import bugs
import freedoms
import pytest
from altered import Altered
from bugs.broken import Broken
from freedoms.free import Free

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.judging import side_by_side
from oauth_gauntlet.judging.fixtures import PORTS, TENANT
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import Configuration, ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from oauth_gauntlet_server.faults import Fault, Trigger
from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults

_FACTORIES = {"__init__", "hello", "configuration_reader", "request_builder", "response_reader", "new_transport"}
"""Methods that make the parts, which are looked at themselves."""

_seen: dict[str, set[str]] = defaultdict(set)
_of_thread = threading.local()
_current = ""


def altered_clients() -> dict[str, type[Altered]]:
    """Return every client that is not quite the reference client, by name."""
    return {each.name: each.value for each in (*bugs.Bug, *freedoms.Freedom)}


class Plugin:
    """The plugin that knows which scenario runs."""

    def __init__(self) -> None:
        run = side_by_side._run

        def run_named(item: pytest.Function, *more: Any) -> Any:
            from judging import named

            _of_thread.scenario = named(item)
            try:
                return run(item, *more)
            finally:
                del _of_thread.scenario

        side_by_side._run = run_named  # type: ignore[assignment]
        arm = ArmedFaults.arm

        def noting(faults: ArmedFaults, fault: Fault, trigger: Trigger) -> ArmedFault:
            vars(faults).setdefault("names", set()).add(fault.name)
            return arm(faults, fault, trigger)

        ArmedFaults.arm = noting  # type: ignore[method-assign]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        from judging import named

        global _current
        _current = named(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Note which faults the scenario armed, and whether it opened a port."""
        from judging import named

        if call.when == "call":
            tenant, ports = item.stash.get(TENANT, None), item.stash.get(PORTS, None)
            _seen[named(item)] |= {f"fault {name}" for name in vars(getattr(tenant, "armed", self)).get("names", ())}
            _seen[named(item)] |= {"a port"} if ports is not None and ports.opened else set()
        return (yield)

    def seen(self) -> dict[str, list[str]]:
        """Return, for each scenario, what was noted."""
        return {scenario: sorted(notes) for scenario, notes in _seen.items() if scenario}


class Probe(ReferenceClient):
    """The reference client, watched."""

    def __init__(self) -> None:
        # A scenario that runs beside others has a client of its own, made in the scenario's thread.
        self.scenario: str | None = getattr(_of_thread, "scenario", None)
        self.others = {name: client() for name, client in altered_clients().items()}
        self.done: set[tuple[str, str, str]] = set()
        super().__init__()

    def note(self, what: str) -> None:
        _seen[self.scenario or _current].add(what)

    def note_again(self, what: str, where: str) -> None:
        """Note that something was done once more at the same place."""
        key = self.scenario or _current, what, where
        if key in self.done:
            self.note(f"{what} again")
        self.done.add(key)

    def compare(self, part: str, ours: type, ask: Callable[[Any], Any], others: Iterable[tuple[str, Any]]) -> None:
        """Ask the part of every other client the same, and note which says something else."""
        expected: Any = None
        for name, other in others:
            if type(other) is ours:
                continue
            if expected is None:
                expected = _outcome(lambda: ask(None))
            if _outcome(lambda other=other: ask(other)) != expected:  # type: ignore[misc]
                self.note(f"{part} of {name}")

    def configure(self, config: Any) -> None:
        self.note("configure")
        if not (config.get("token_url") or "").strip():
            self.note("no token_url")
        if "@" in (config.get("token_url") or ""):
            self.note("a URL with user information")

        def ask(other: ConfigurationReader | None) -> Any:
            return (other or self.configuration_reader()).read(config)

        readers = ((name, other.reader) for name, other in self.others.items())
        self.compare("Configurations", ConfigurationReader, ask, readers)
        super().configure(config)

    def ask(self, grant: GrantType) -> Any:
        self.note("ask")
        if grant is GrantType.JWT_BEARER:
            self.note("an assertion")
        configuration, _ = self._ready()
        now = self.now()

        def ask(other: TokenRequestBuilder | None) -> Any:
            builder = other or super(Probe, self).request_builder(configuration)
            # Each assertion is another one; whoever makes them otherwise is noted below.
            builder.assertion = lambda _: "assertion"  # type: ignore[method-assign]
            pairs = builder.parameters(grant, refresh_token=self.refresh_token, now=now)
            return builder.method, builder.url(pairs), builder.headers(), builder.body(pairs)

        builders = [(name, other.request_builder(configuration)) for name, other in self.others.items()]
        for name, builder in builders:
            if grant is GrantType.JWT_BEARER and type(builder).assertion is not TokenRequestBuilder.assertion:
                self.note(f"Requests of {name}")
        self.compare("Requests", TokenRequestBuilder, ask, builders)
        try:
            granted = super().ask(grant)
        except ClientFailure:
            self.note("a request for a token that failed")
            raise
        if granted.scope and configuration.scope and granted.scope != configuration.scope:
            self.note("another scope")
        return granted

    def get_token(self) -> Any:
        self.note("get_token")
        self.note_again("get_token", getattr(self.configuration, "token_url", ""))
        return super().get_token()

    def keep(self, granted: Any) -> Any:
        self.note("keep")
        if granted.expires_in is None:
            self.note("a lifetime that is not said")
        elif granted.expires_in <= 1:
            self.note("a lifetime of nothing")
        elif granted.expires_in >= 2**31 / 1000:
            self.note("a lifetime beyond 24 days")
        return super().keep(granted)

    def response_reader(self) -> TokenResponseReader:
        return _Watched(self)

    def new_transport(self, configuration: Configuration) -> Transport:
        transport = _Exchanges(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)
        transport.probe = self
        return transport


def _noting(name: str) -> Callable[..., Any]:
    def method(self: Probe, *arguments: Any, **named: Any) -> Any:
        self.note(name)
        return getattr(super(Probe, self), name)(*arguments, **named)

    return method


for _name, _value in list(vars(ReferenceClient).items()):
    if callable(_value) and (not _name.startswith("_") or _name == "__repr__") and _name not in vars(Probe):
        setattr(Probe, _name, _noting(_name))


class _Watched(TokenResponseReader):
    def __init__(self, probe: Probe) -> None:
        self.probe = probe

    def read(self, response: Response) -> Any:
        def ask(other: TokenResponseReader | None) -> Any:
            return (other or TokenResponseReader()).read(response)

        readers = ((name, other.responses) for name, other in self.probe.others.items())
        self.probe.compare("Responses", TokenResponseReader, ask, readers)
        return super().read(response)


class _Exchanges(Transport):
    probe: Probe

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        note = self.probe.note
        note("send")
        self.probe.note_again("send", url)
        if os.environ.get("NETRC"):
            note("a netrc file")
        began = time.monotonic()
        if url.startswith("https:"):
            note("send by https")
        try:
            response = super().send(method, url, headers, body)
        except ClientFailure as failure:
            note("an exchange that failed")
            if failure.error.kind == "timeout":
                note("an exchange that timed out")
            raise
        if time.monotonic() - began > 0.1:
            note("an exchange that took its time")
        if len(response.body) > 100_000:
            note("a large answer")
        if response.header("location"):
            note("a location")
        if response.status != 200:
            note("a status that is not 200")
        if response.header("set-cookie"):
            note("a cookie")
        return response


def _outcome(ask: Callable[[], Any]) -> Any:
    try:
        return "value", ask()
    except ClientFailure as failure:
        return "failure", failure.error
    except Exception as error:
        return "exception", type(error), str(error)


def reached(client: type[Altered], name: str, seen: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the scenarios in which the client can do other than the reference client does, sorted."""
    marks = {f"{part} of {name}" for part in ("Configurations", "Requests", "Responses")}
    if client.reached_by:
        marks |= set(client.reached_by)
    else:
        ours = [each for each in client.__mro__[: client.__mro__.index(Altered)] if each not in (Broken, Free)]
        overridden = {name for each in ours for name, value in vars(each).items() if inspect.isfunction(value)}
        marks |= overridden - _FACTORIES
        if client.Exchanges is not Transport:
            marks.add("send")
    return sorted(scenario for scenario, notes in seen.items() if marks & set(notes))


make_client = Probe
