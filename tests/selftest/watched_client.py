"""The watched reference client: note what happens in each scenario, and which altered clients would differ there.

One run of all scenarios uses this client. Some parts only compute: reading a configuration, building a request, reading a
response. Whenever the client uses such a part, the same part of every altered client gets the same input; if its result
differs, that is noted. The client itself and its transport act, so they cannot be asked twice: for them it is noted that a
method was called, and in which circumstances. reach.py reads these notes.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.judging import concurrent_scenarios
from oauth_gauntlet.judging.scenario_arguments import PORTS, TENANT
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.configuration import SIGNED_METHODS, Configuration, ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from oauth_gauntlet_server.faults import Fault, Trigger
from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults
from tests.selftest.forked_runs import named
from tests.selftest.reach import altered_clients

_seen: dict[str, set[str]] = defaultdict(set)
_of_thread = threading.local()
_current = ""


class Plugin:
    """A pytest plugin that knows which scenario runs, and notes the faults and ports of each."""

    def __init__(self) -> None:
        run = concurrent_scenarios._run

        def run_named(item: pytest.Item, *more: Any) -> Any:
            _of_thread.scenario = named(item)
            try:
                return run(item, *more)
            finally:
                del _of_thread.scenario

        concurrent_scenarios._run = run_named  # type: ignore[assignment]
        arm = ArmedFaults.arm

        def noting(faults: ArmedFaults, fault: Fault, trigger: Trigger) -> ArmedFault:
            vars(faults).setdefault("names", set()).add(fault.name)
            return arm(faults, fault, trigger)

        ArmedFaults.arm = noting  # type: ignore[method-assign]
        another = LabClient.another_instance

        def noted(client: LabClient, *more: Any, **named: Any) -> LabClient:
            _seen[getattr(_of_thread, "scenario", _current)].add("another instance")
            return another(client, *more, **named)

        LabClient.another_instance = noted  # type: ignore[method-assign]

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        global _current
        _current = named(item)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Note the faults that the scenario armed, and whether it opened a port."""
        if call.when == "call":
            tenant, ports = item.stash.get(TENANT, None), item.stash.get(PORTS, None)
            _seen[named(item)] |= {f"fault {name}" for name in vars(getattr(tenant, "armed", self)).get("names", ())}
            _seen[named(item)] |= {"a port"} if ports is not None and ports.opened else set()
        return (yield)

    def seen(self) -> dict[str, list[str]]:
        """Return the notes of each scenario, sorted."""
        return {scenario: sorted(notes) for scenario, notes in _seen.items() if scenario}


class WatchedClient(ReferenceClient):
    """The reference client with notes of what it does."""

    def __init__(self) -> None:
        # A scenario that runs next to others has its own client, created in the scenario's thread.
        self.scenario: str | None = getattr(_of_thread, "scenario", None)
        self.others = {name: client() for name, client in altered_clients().items()}
        self.done: set[tuple[str, str, str]] = set()
        self.granted = False
        self.renews = False
        super().__init__()

    def note(self, what: str) -> None:
        _seen[self.scenario or _current].add(what)

    def note_again(self, what: str, where: str) -> None:
        """Note that something happened again with the same URL."""
        key = self.scenario or _current, what, where
        if key in self.done:
            self.note(f"{what} again")
        self.done.add(key)

    def compare(self, part: str, ours: type, ask: Callable[[Any], Any], others: Iterable[tuple[str, Any]]) -> None:
        """Give the part of every altered client the same input, and note which of them gives another result."""
        expected: Any = None
        for name, other in others:
            if type(other) is ours:
                continue
            if expected is None:
                expected = _result_of(lambda: ask(None))
            if _result_of(lambda other=other: ask(other)) != expected:  # type: ignore[misc]
                self.note(f"{part} of {name}")

    def configure(self, config: Any) -> None:
        self.granted = False
        self.note("configure")
        if time.localtime().tm_gmtoff:
            self.note("another time zone")
        if os.environ.get("http_proxy"):
            self.note("a proxy")
        if not (config.get("token_url") or "").strip():
            self.note("no token_url")
        if config.get("issuer"):
            self.note("an issuer")
        if "@" in (config.get("token_url") or ""):
            self.note("a URL with user information")

        def ask(other: ConfigurationReader | None) -> Any:
            return (other or self.configuration_reader()).read(config)

        readers = ((name, other.reader) for name, other in self.others.items())
        self.compare("Configurations", ConfigurationReader, ask, readers)
        super().configure(config)

    def ask(self, grant: GrantType) -> Any:
        self.note("ask")
        self.renews = self.granted
        if self.renews:
            self.note("a renewal")
        if grant is GrantType.JWT_BEARER:
            self.note("an assertion")
        if self.configuration is not None and self.configuration.auth_method in SIGNED_METHODS:
            self.note("a client assertion")
        configuration, _ = self._ready()
        if configuration.scope:
            self.note("a requested scope")
        now = self.now()

        def ask(other: TokenRequestBuilder | None) -> Any:
            builder = other or super(WatchedClient, self).request_builder(configuration)
            # No two assertions are the same; a client that overrides how they are made is noted below.
            builder.assertion = lambda _: "assertion"  # type: ignore[method-assign]
            if configuration.auth_method in SIGNED_METHODS:
                builder.client_assertion = lambda _: "client assertion"  # type: ignore[method-assign]
            pairs = builder.parameters(grant, refresh_token=self.refresh_token, now=now)
            return builder.method, builder.url(pairs), builder.headers(), builder.body(pairs)

        builders = [(name, other.request_builder(configuration)) for name, other in self.others.items()]
        for name, builder in builders:
            if grant is GrantType.JWT_BEARER and type(builder).assertion is not TokenRequestBuilder.assertion:
                self.note(f"Requests of {name}")
            if configuration.auth_method in SIGNED_METHODS and _makes_client_assertions(type(builder)):
                self.note(f"Requests of {name}")
        self.compare("Requests", TokenRequestBuilder, ask, builders)
        try:
            granted = super().ask(grant)
        except ClientFailure:
            self.note("a token request that failed")
            raise
        finally:
            self.renews = False
        self.granted = True
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
            self.note("no expires_in")
        elif granted.expires_in <= 1:
            self.note("expires_in of at most 1 s")
        elif granted.expires_in >= 2**31 / 1000:
            self.note("expires_in beyond 24 days")
        return super().keep(granted)

    def response_reader(self) -> TokenResponseReader:
        return _WatchedReader(self)

    def new_transport(self, configuration: Configuration) -> Transport:
        transport = _WatchedTransport(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)
        transport.watched = self
        return transport


def _makes_client_assertions(builder: type[TokenRequestBuilder]) -> bool:
    """Return whether a builder overrides how client assertions are made."""
    names = ("client_assertion", "client_claims", "signed_for_client")
    return any(getattr(builder, name) is not getattr(TokenRequestBuilder, name) for name in names)


def _noting(name: str) -> Callable[..., Any]:
    def method(self: WatchedClient, *arguments: Any, **named: Any) -> Any:
        self.note(name)
        return getattr(super(WatchedClient, self), name)(*arguments, **named)

    return method


_OURS = ReferenceClient.__mro__[: ReferenceClient.__mro__.index(ClientAdapter)]
for _name, _value in [pair for each in _OURS for pair in vars(each).items()]:
    if callable(_value) and (not _name.startswith("_") or _name == "__repr__") and _name not in vars(WatchedClient):
        setattr(WatchedClient, _name, _noting(_name))


class _WatchedReader(TokenResponseReader):
    def __init__(self, watched: WatchedClient) -> None:
        self.watched = watched

    def read(self, response: Response) -> Any:
        def ask(other: TokenResponseReader | None) -> Any:
            return (other or TokenResponseReader()).read(response)

        readers = ((name, other.responses) for name, other in self.watched.others.items())
        self.watched.compare("Responses", TokenResponseReader, ask, readers)
        return super().read(response)


class _WatchedTransport(Transport):
    watched: WatchedClient

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        note = self.watched.note
        note("send")
        self.watched.note_again("send", url)
        if os.environ.get("NETRC"):
            note("a netrc file")
        began = time.monotonic()
        if url.startswith("https:"):
            note("send by https")
            if self.watched.renews:
                note("a renewal by https")
        try:
            response = super().send(method, url, headers, body)
        except ClientFailure as failure:
            note("an exchange that failed")
            if failure.error.kind == "timeout":
                note("an exchange that timed out")
            raise
        if time.monotonic() - began > 0.1:
            note("an exchange of more than 0.1 s")
        if len(response.body) > 100_000:
            note("a large response")
        if response.header("location"):
            note("a location")
            if self.watched.renews:
                note("a redirected renewal")
        if response.status != 200:
            note("a status other than 200")
        if "insufficient_scope" in (challenge := response.header("www-authenticate") or "") and "scope=" in challenge:
            note("a challenge that names a scope")
        if response.header("set-cookie"):
            note("a cookie")
        return response


def _result_of(ask: Callable[[], Any]) -> Any:
    try:
        return "value", ask()
    except ClientFailure as failure:
        return "failure", failure.error
    except Exception as error:
        return "exception", type(error), str(error)


make_client = WatchedClient
