"""The checks of `adapter check`, in their order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from oauth_gauntlet.adapter_check import (
    concurrency,
    configuration_keys,
    instances,
    lifetime,
    members,
    operations,
    plain_exchange,
    surroundings,
)
from oauth_gauntlet.adapter_check.check import Check, CheckOutcome, anywhere, everywhere, once
from oauth_gauntlet.adapter_check.fault_cases import FaultCases
from oauth_gauntlet.adapter_check.greeting import greeting
from oauth_gauntlet.adapter_check.programs import one_program
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.adapters.client_spec import ClientSpec
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.errors import AdapterEnded, AdapterError, AdapterTimeout
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import Capability, GrantType

_OPERATION_S = 30.0
"""The time limit of an operation, in seconds: a platform may start cold."""

_SHOWN_ANYWHERE = {
    Capability.REFRESH: ("the refresh token is exchanged", operations.refresh),
    Capability.RETRY_401: ("a request with a refused token is sent again", operations.retry_401),
    Capability.PARALLEL: ("concurrent calls run concurrently", concurrency.parallel),
    Capability.CANCEL: ("a call is cancelled", concurrency.cancel),
    Capability.DESCRIBE: ("the client's own string forms", operations.describe),
    Capability.INSTANCES: ("each is a client of its own", instances.instances),
    Capability.CLOCK: ("the client's clock moves, and configure resets it", lifetime.clock),
    Capability.TIME_ZONE: ("its process takes the time zone from TZ", surroundings.time_zone),
    Capability.PROXY: ("a proxy of the environment is used", surroundings.proxy),
    Capability.AUTO_REFRESH: ("an expired token is renewed", lifetime.auto_refresh),
}
"""What a declared capability has to show, with at least one grant."""


def check_adapter(spec: ClientSpec) -> Iterator[Check]:
    """Yield each check when it is done; the checks end when the adapter breaks the protocol."""
    with ExitStack() as ending:
        bench = Bench(spec, time_limit_s=_OPERATION_S)
        subject: Subject | None = None
        ending.callback(bench.close)
        try:
            adapter, hello = bench.start()
            ending.callback(close_quietly, adapter)
            subject = Subject(bench, adapter, hello)
            yield from _live(subject)
            adapter.close()
            yield Check(title="close ends the adapter", outcome=CheckOutcome.OK)
        except AdapterError as error:
            if isinstance(error, AdapterTimeout | AdapterEnded) and subject is not None and subject.grants:
                # It has worked with a correct server, so the client may be the cause.
                advice = f"{error}; the client or the adapter may be the cause; the remaining checks were not done"
                yield Check(title="each operation is answered", outcome=CheckOutcome.WARN, advice=advice)
                return
            yield Check(title="the protocol is kept", outcome=CheckOutcome.PROBLEM, advice=str(error))


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
    cached = (
        "cache: a second call sends nothing"
        if subject.declares(Capability.CACHE)
        else "without cache, each call sends a request"
    )
    yield once(subject, cached, plain_exchange.second_call)
    if GrantType.REFRESH_TOKEN in subject.grants:
        yield everywhere(subject, "the next request has the refresh token of the last response", operations.handed_on)
    yield once(subject, "configure discards the earlier state", plain_exchange.earlier_configuration)
    yield once(subject, "no request is sent between operations", lifetime.rest)


def _capabilities(subject: Subject) -> Iterator[Check]:
    for capability, (title, inspect) in _SHOWN_ANYWHERE.items():
        if subject.declares(capability):
            yield anywhere(subject, f"{capability}: {title}", inspect)
    if subject.declares(Capability.PARALLEL) and subject.declares(Capability.RESOURCE):
        yield anywhere(subject, "parallel: concurrent requests run concurrently", concurrency.parallel_requests)
        if subject.declares(Capability.CANCEL):
            yield anywhere(subject, "cancel: a request is cancelled", concurrency.cancel_requests)
    if subject.declares(Capability.REFRESH):
        yield everywhere(subject, "refresh: without a refresh token it is refused", operations.refresh_without)
        yield everywhere(subject, "refresh: a response without a refresh token loses none", members.kept)
    if subject.declares(Capability.RESOURCE):
        yield everywhere(subject, "resource: the client's request, and the resource's response", operations.resource)
        yield everywhere(subject, "resource: a request without an earlier get_token", operations.first_request)
        if not subject.declares(Capability.RETRY_401):
            yield once(subject, "without retry_401, a request is sent once", operations.retry_401)


def _configuration(subject: Subject) -> Iterator[Check]:
    for key in sorted(subject.hello.parameters & configuration_keys.PARAMETERS.keys()):
        yield anywhere(subject, f"{key} reaches the client", configuration_keys.PARAMETERS[key])
    for method in sorted(subject.hello.token_endpoint_auth_methods & configuration_keys.METHODS):
        yield anywhere(subject, f"{method} is used", configuration_keys.auth_method(method))
    yield once(subject, "undeclared parameters are not sent", configuration_keys.undeclared)
    yield everywhere(subject, "the client itself rejects an incomplete configuration", configuration_keys.own_refusal)


def _errors(subject: Subject) -> Iterator[Check]:
    yield everywhere(subject, "members that the response has not are null", members.left_out)
    cases = FaultCases()
    yield once(subject, "a response without a token gives no token", cases.no_token)
    yield once(subject, "the client itself rejects a response", cases.own_rejection)
    yield once(subject, "errors contain what the server sent", cases.faithful)
    yield once(subject, "different failures give different errors", cases.distinct)
    yield once(subject, "a crash has kind unexpected", cases.crashes)
    yield once(subject, "a refused token request is not repeated", cases.asked_once)
    yield everywhere(subject, "members of another type keep the protocol", members.odd)
