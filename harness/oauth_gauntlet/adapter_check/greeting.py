"""Check what hello declares, and which operations the adapter rejects before configure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from oauth_gauntlet.adapter_check.check import Check, CheckOutcome, checked
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.profiles import known_profiles
from oauth_gauntlet.protocol import Capability, ErrorKind, Hello

_GO_TOGETHER = (
    ("tls", "ca_file"),
    ("cancel", "parallel"),
    ("retry_401", "resource"),
)


def greeting(subject: Subject) -> Iterator[Check]:
    """Yield the checks of the declarations and of the rejected operations."""
    adapter, hello = subject.adapter, subject.hello
    yield Check(title=f"hello: {hello.client.name} {hello.client.version}".rstrip(), outcome=CheckOutcome.OK)
    yield checked("hello answers the same twice", adapter.hello() == hello, "answer hello from constants")
    yield checked("at least one of the four grants is declared", hello.grants, "declare grants")
    for unknown in hello.unknown:
        yield Check(
            title=f"declared: {unknown}",
            outcome=CheckOutcome.WARN,
            advice="unknown to this version, and ignored; is it misspelt?",
        )
    for name in sorted(hello.profiles - known_profiles().keys()):
        yield Check(
            title=f"declared: profiles: {name}",
            outcome=CheckOutcome.WARN,
            advice=f"unknown, and ignored; there are {', '.join(known_profiles())}",
        )
    yield from _lacking(hello)
    if subject.declares(Capability.PROCESS_CLOCK):
        yield _process_clock(subject.bench)
    yield _rejects("before configure", adapter.get_token, ErrorKind.CONFIG)
    process = adapter.adapter_process
    if process is not None:
        yield _rejects("an unknown operation", lambda: process.call("gauntlet_unknown", {}), ErrorKind.UNEXPECTED)


def _lacking(hello: Hello) -> Iterator[Check]:
    declared = {*hello.parameters, *map(str, hello.capabilities)}
    for declaration, other in _GO_TOGETHER:
        if declaration in declared and other not in declared:
            yield Check(
                title=f"declared: {declaration} without {other}",
                outcome=CheckOutcome.WARN,
                advice=f"no scenario can use {declaration} without {other}",
            )


def _process_clock(bench: Bench) -> Check:
    """Return the result of the clock's self-test, which was done when the adapter started."""
    follows = not bench.clock.startswith("none")
    reason = bench.clock.partition(": ")[2]
    return checked(
        "process_clock: the client follows its clock",
        follows,
        f"scenarios do not use it: {reason}",
        otherwise=CheckOutcome.WARN,
    )


def _rejects(what: str, operation: Callable[[], object], kind: ErrorKind) -> Check:
    title = f"{what}: an error of kind {kind}"
    try:
        operation()
    except ClientFailure as failure:
        return checked(title, failure.error.kind is kind, f"the answer has kind {failure.error.kind}")
    return Check(title=title, outcome=CheckOutcome.PROBLEM, advice="the answer is ok")
