"""Which checks there are, in the order in which they are made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapter_check import configuration_keys, lifetime, operations, plain_exchange
from oauth_gauntlet.adapter_check.check import Check, CheckOutcome, anywhere, everywhere, once
from oauth_gauntlet.adapter_check.greeting import greeting
from oauth_gauntlet.adapter_check.programs import one_program
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapter_check.trouble import Troubles
from oauth_gauntlet.adapters.client_spec import ClientSpec
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import Capability

_SHOWN_ANYWHERE = {
    Capability.REFRESH: ("the refresh token is exchanged", operations.refresh),
    Capability.RETRY_401: ("a request with a refused token is made again", operations.retry_401),
    Capability.PARALLEL: ("callers at once are served at once", operations.parallel),
    Capability.CANCEL: ("a caller is cancelled", operations.cancel),
    Capability.DESCRIBE: ("the client's own words", operations.describe),
    Capability.CLOCK: ("the client's clock is moved, and put back", lifetime.clock),
    Capability.AUTO_REFRESH: ("an expired token is renewed", lifetime.auto_refresh),
}
"""What a declared capability has to show with one grant at least."""


def check_adapter(spec: ClientSpec) -> Iterator[Check]:
    """Yield the checks as they are made; after a problem with the protocol itself no more follow."""
    with ExitStack() as ending:
        bench = Bench(spec)
        ending.callback(bench.close)
        try:
            adapter, hello = bench.start()
            ending.callback(_close, adapter)
            yield from _live(Subject(bench, adapter, hello))
            adapter.close()
            yield Check(title="close ends the adapter in order", outcome=CheckOutcome.OK)
        except AdapterError as error:
            yield Check(title="the protocol is kept", outcome=CheckOutcome.PROBLEM, advice=str(error))


def _close(adapter: ClientAdapter) -> None:
    """Close an adapter whose protocol may be broken: nothing of it is left behind."""
    with suppress(AdapterError):
        adapter.close()


def _live(subject: Subject) -> Iterator[Check]:
    yield from greeting(subject)
    for grant in sorted(subject.hello.grants):
        yield from plain_exchange.plain_exchange(subject, grant)
    if not subject.grants:
        return
    yield from _state(subject)
    yield from _capabilities(subject)
    yield from _configuration(subject)
    yield from _errors(subject)
    yield once(subject, "all requests come from one program", one_program)


def _state(subject: Subject) -> Iterator[Check]:
    cached = "cache: a second call sends nothing" if subject.declares(Capability.CACHE) else "without cache, each call asks"
    yield once(subject, cached, plain_exchange.second_call)
    yield once(subject, "configure drops what was before", plain_exchange.earlier_configuration)
    yield once(subject, "nothing is sent while nobody asks", lifetime.rest)


def _capabilities(subject: Subject) -> Iterator[Check]:
    for capability, (title, look) in _SHOWN_ANYWHERE.items():
        if subject.declares(capability):
            yield anywhere(subject, f"{capability}: {title}", look)
    if subject.declares(Capability.REFRESH):
        yield everywhere(subject, "refresh: without a refresh token it is refused", operations.refresh_without)
    if subject.declares(Capability.RESOURCE):
        yield everywhere(subject, "resource: the client's request, and the resource's answer", operations.resource)
        if not subject.declares(Capability.RETRY_401):
            yield once(subject, "without retry_401, a request is made once", operations.retry_401)


def _configuration(subject: Subject) -> Iterator[Check]:
    for key in sorted(subject.hello.parameters & configuration_keys.PARAMETERS.keys()):
        yield anywhere(subject, f"{key} reaches the client", configuration_keys.PARAMETERS[key])
    for method in sorted(subject.hello.token_endpoint_auth_methods & configuration_keys.METHODS):
        yield anywhere(subject, f"{method} is used", configuration_keys.auth_method(method))
    yield once(subject, "what is not declared is not sent", configuration_keys.undeclared)
    yield everywhere(subject, "refusals of a configuration are the client's", configuration_keys.own_refusal)


def _errors(subject: Subject) -> Iterator[Check]:
    troubles = Troubles()
    yield once(subject, "an answer without a token gives none", troubles.no_token)
    yield once(subject, "errors say what the server said", troubles.true)
    yield once(subject, "errors are told apart", troubles.told_apart)
    yield once(subject, "a crash is of kind unexpected", troubles.crashes)
    yield once(subject, "a refusal is asked for once", troubles.asked_once)
