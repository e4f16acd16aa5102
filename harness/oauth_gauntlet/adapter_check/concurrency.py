"""Check that concurrent calls and requests reach the client, each of them, at the same time, and that some are cancelled."""

from __future__ import annotations

import json
from itertools import pairwise

from oauth_gauntlet.adapter import CANCEL_LEAD_S
from oauth_gauntlet.adapter_check.check import GOOD, Observation, doubt, unimplemented, wrong
from oauth_gauntlet.adapter_check.plain_exchange import token_of
from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import (
    JSON,
    Capability,
    ErrorInfo,
    ErrorKind,
    GrantType,
    ResourceRequest,
    ResourceResponse,
    Token,
)
from oauth_gauntlet_server import Tenant, faults

_CALLERS = 3

_DELAY_S = 0.25
"""Seconds by which the server delays each response, so that concurrent requests overlap."""


def parallel(subject: Subject, grant: GrantType) -> Observation:
    """Call get_token concurrently, with a slow server: the requests overlap, or there is only one."""
    tenant = subject.begin(grant)
    tenant.arm(faults.delay(_DELAY_S))
    for result in subject.adapter.get_tokens(_CALLERS):
        if isinstance(result, ErrorInfo):
            return doubt(f"one of {_CALLERS} concurrent calls got {result.kind}: {result.message}")
        origin = token_of(subject, tenant, result)
        if origin is not GOOD:
            return origin
    if tenant.journal.count("token") == 1:
        if subject.declares(Capability.CACHE):
            return GOOD
        return doubt(f"{_CALLERS} concurrent calls sent one request, without a cache: call the client once for each")
    if _one_after_the_other(tenant, "token"):
        return doubt(
            f"the requests of {_CALLERS} concurrent calls came one after the other: does the client have a lock, or does the "
            "adapter make one call after the other?"
        )
    return GOOD


def cancel(subject: Subject, grant: GrantType) -> Observation:
    """Cancel the first of two calls while it waits; then check with immediate errors that both calls send a request."""
    tenant = subject.begin(grant)
    tenant.arm(faults.delay(4 * CANCEL_LEAD_S), times=1)
    try:
        first: Token | ErrorInfo = subject.adapter.get_tokens(2, 1)[0]
    except ClientFailure as failure:
        first = failure.error
    found = _not_cancelled(first, "calls of get_tokens")
    if found is not None:
        return found
    tenant = subject.begin(grant)
    tenant.arm(faults.oauth_error("invalid_scope"))
    subject.adapter.get_tokens(2, 1)
    if tenant.journal.count("token") < 2:
        return doubt("two calls whose requests fail immediately sent one request: does the cancelled call reach the client?")
    return GOOD


def parallel_requests(subject: Subject, grant: GrantType) -> Observation:
    """Send different requests concurrently, to a slow resource: each arrives once, they overlap, the answers are in order."""
    tenant = subject.begin(grant)
    tenant.arm(faults.delay(_DELAY_S), endpoint="resource")
    wanted = [
        ResourceRequest(method="POST", url=f"{tenant.resource_url}/{name}", headers={"X-Gauntlet": name}, body=f"body {name}")
        for name in (f"gauntlet-{place}" for place in range(_CALLERS))
    ]
    answers = subject.adapter.requests(wanted)
    arrived = [(sent.header("x-gauntlet"), sent.method, sent.body.decode()) for sent in tenant.journal.requests("resource")]
    expected = [(request.headers["X-Gauntlet"], request.method, request.body) for request in wanted]
    if sorted(arrived, key=str) != expected:
        return doubt(
            f"of {_CALLERS} different requests {len(set(arrived) & set(expected))} arrived as they were asked for, and "
            f"{len(arrived)} arrived in all: call the client once for each, with its own arguments"
        )
    paths = [_path(answer) for answer in answers]
    if paths != [f"gauntlet-{place}" for place in range(_CALLERS)]:
        return doubt(
            f"the responses to gauntlet-0 to gauntlet-{_CALLERS - 1} came as {', '.join(map(str, paths))}: answer in the order "
            "of the requests, each with its own response"
        )
    if _one_after_the_other(tenant, "resource"):
        return doubt(
            f"{_CALLERS} concurrent requests came one after the other: does the client have a lock, or does the adapter make "
            "one request after the other?"
        )
    return GOOD


def cancel_requests(subject: Subject, grant: GrantType) -> Observation:
    """Cancel the first of two requests while the resource delays it; then check that both of two requests are sent."""
    tenant = subject.begin(grant)
    wanted = [ResourceRequest(url=f"{tenant.resource_url}/{name}") for name in ("cancelled", "other")]
    tenant.arm(faults.delay(4 * CANCEL_LEAD_S), endpoint="resource", times=1)
    first, _ = subject.adapter.requests(wanted, 1)
    found = _not_cancelled(first, "requests of requests")
    if found is not None:
        return found
    tenant.journal.clear()
    subject.adapter.requests(wanted, 1)
    if not any(request.target.endswith("/cancelled") for request in tenant.journal.requests("resource")):
        return doubt("the cancelled request never arrived, although the resource is fast: does it reach the client?")
    return GOOD


def _not_cancelled(answer: Token | ResourceResponse | ErrorInfo, what: str) -> Observation | None:
    """Return why the answer to a cancelled call is not that of one; None if it is."""
    if not isinstance(answer, ErrorInfo) or unimplemented(answer):
        return wrong(f"cancel the first {what} by the client's own means; answer with kind cancelled")
    if answer.kind is ErrorKind.CANCELLED:
        return None
    return doubt(
        f"the cancelled call ended with kind {answer.kind}: {answer.message[:60]}; answer with kind cancelled if the client's "
        "error means that; if nothing but its text says so, compare the text"
    )


def _path(answer: ResourceResponse | ErrorInfo) -> JSON:
    """Return the path in a response of the resource, or a short description of another answer."""
    if isinstance(answer, ErrorInfo):
        return f"{answer.kind}: {answer.message}"
    try:
        document = json.loads(answer.body)
    except ValueError:
        return f"HTTP {answer.status}"
    return document.get("path") if isinstance(document, dict) else f"HTTP {answer.status}"


def _one_after_the_other(tenant: Tenant, endpoint: str) -> bool:
    """Return whether each request arrived after the one before was answered, at a server that delays each response."""
    began = sorted(exchange.received_at for exchange in tenant.journal.exchanges(endpoint))
    return all(later - earlier >= _DELAY_S for earlier, later in pairwise(began))
