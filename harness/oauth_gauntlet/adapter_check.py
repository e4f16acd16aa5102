"""Is the adapter right, before its client is judged: a list of checks over a live adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from oauth_gauntlet.adapter import CANCEL_LEAD_S, ClientAdapter
from oauth_gauntlet.client_spec import ClientSpec
from oauth_gauntlet.enrolment import default_configuration, enrol
from oauth_gauntlet.errors import AdapterError, ClientFailure
from oauth_gauntlet.process_adapter import ProcessAdapter
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, GrantType, Hello
from oauth_gauntlet_server import MockServer, faults


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What was looked at, what came of it (``ok``, ``warn`` or ``problem``), and the next step."""

    title: str
    outcome: str
    advice: str = ""


def check_adapter(spec: ClientSpec) -> Iterator[Check]:
    """Yield the checks as they are made; after a problem with the protocol itself no more follow."""
    adapter = spec.open({})
    try:
        yield from _live(adapter)
        adapter.close()
        yield Check(title="close ends the adapter in order", outcome="ok")
    except AdapterError as error:
        yield Check(title="the protocol is kept", outcome="problem", advice=str(error))
    finally:
        with suppress(AdapterError):
            adapter.close()


def _live(adapter: ClientAdapter) -> Iterator[Check]:
    hello = adapter.hello()
    yield Check(title=f"hello: {hello.client.name} {hello.client.version}".rstrip(), outcome="ok")
    again = adapter.hello()
    yield _checked("hello says the same twice", again == hello, "answer hello from constants")
    yield _checked("at least one of the four grants is declared", bool(hello.grants), "declare grants")
    for unknown in hello.unknown:
        yield Check(title=f"declared: {unknown}", outcome="warn", advice="unknown here, and ignored; is it misspelt?")
    yield _refuses("before configure", adapter.get_token, ErrorKind.CONFIG)
    if isinstance(adapter, ProcessAdapter):
        process = adapter
        yield _refuses("an unknown operation", lambda: process.call("gauntlet_unknown", {}), ErrorKind.UNEXPECTED)
    with MockServer() as server:
        for grant in sorted(hello.grants):
            yield from _grant(adapter, hello, grant, server)


def _grant(adapter: ClientAdapter, hello: Hello, grant: GrantType, server: MockServer) -> Iterator[Check]:
    tenant = server.tenant()
    config = default_configuration(tenant, grant)
    enrol(tenant, config)
    try:
        adapter.configure(config)
        sent = tenant.journal.count()
        yield _checked(f"{grant.short}: configure sends nothing", sent == 0, "wait for get_token with the first request")
        adapter.get_token()
        yield Check(title=f"{grant.short}: a token is handed out", outcome="ok")
    except ClientFailure as failure:
        yield Check(
            title=f"{grant.short}: a token is handed out",
            outcome="problem",
            advice=f"a well-behaved server granted one, and the client reported {failure}",
        )
        return
    operations: dict[Capability, Callable[[], object]] = {
        Capability.PARALLEL: lambda: adapter.get_tokens(2),
        Capability.REFRESH: adapter.refresh,
        Capability.RESOURCE: lambda: adapter.request("GET", tenant.resource_url, {}, None),
        Capability.DESCRIBE: adapter.describe,
        Capability.CLOCK: lambda: adapter.advance_clock(1),
        Capability.PROCESS_CLOCK: adapter.now,
    }
    if Capability.CANCEL in hello.capabilities:
        adapter.configure(config)
        # So that there is something to wait for while the caller is cancelled.
        tenant.arm(faults.delay(4 * CANCEL_LEAD_S), times=1)
        yield _cancels(f"{grant.short}: a caller is cancelled", adapter)
    for capability, operation in operations.items():
        if capability in hello.capabilities:
            yield _implemented(f"{grant.short}: {capability} is implemented", operation)


def _cancels(title: str, adapter: ClientAdapter) -> Check:
    try:
        first = adapter.get_tokens(2, 1)[0]
    except ClientFailure as failure:
        first = failure.error
    cancelled = isinstance(first, ErrorInfo) and first.kind is ErrorKind.CANCELLED
    return _checked(title, cancelled, "cancel the first calls of get_tokens by the client's own means; answer kind cancelled")


def _implemented(title: str, operation: Callable[[], object]) -> Check:
    try:
        operation()
    except ClientFailure as failure:
        if "unknown operation" in failure.error.message:
            return Check(title=title, outcome="problem", advice="implement the operation, or do not declare it")
    return Check(title=title, outcome="ok")


def _refuses(what: str, operation: Callable[[], object], kind: ErrorKind) -> Check:
    title = f"{what}: an error of kind {kind}"
    try:
        operation()
    except ClientFailure as failure:
        return _checked(title, failure.error.kind is kind, f"it answered kind {failure.error.kind}")
    return Check(title=title, outcome="problem", advice="it answered ok")


def _checked(title: str, condition: bool, advice: str) -> Check:
    return Check(title=title, outcome="ok") if condition else Check(title=title, outcome="problem", advice=advice)
