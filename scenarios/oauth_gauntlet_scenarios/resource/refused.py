"""A resource that refuses each token for a while, in whatever form."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceResponse
from oauth_gauntlet_scenarios.resource.requests import is_success, issued_tokens, show_that_requests_are_accepted
from oauth_gauntlet_server.faults import Fault

A_FEW = 4
"""How many requests are no loop: some published clients retry twice."""

REFUSALS = 20
"""After so many refusals the resource accepts: a client that loops for ever would otherwise never answer."""


def require_bounded_and_usable(client: LabClient, refusal: Fault, what: str) -> None:
    """Let the resource refuse `REFUSALS` requests, then none; require an answer, no loop, and HTTP 200 afterwards.

    `what` names the refusal in a finding. Whether the client renews its token is free.
    """
    tenant = client.tenant
    show_that_requests_are_accepted(client)
    armed = tenant.arm(refusal, endpoint="resource", times=REFUSALS)
    answer = client.try_request()
    mark = Mark(text="HTTP/1.1", part="response")
    tokens, resources = tenant.journal.count("token"), tenant.journal.count("resource")
    require(
        tokens <= A_FEW and resources <= A_FEW,
        expected=f"after {what} at most {A_FEW} requests at the resource, and {A_FEW} token requests",
        seen=f"a loop: {resources} requests at the resource, and {tokens} token requests",
        mark=mark,
    )
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected=f"for {what} a response, or an error that the client documents",
        seen=described(answer),
        mark=mark,
    )
    require(
        not isinstance(answer, ResourceResponse) or answer.status >= 400,
        expected=f"for {what} the status of the refusal",
        seen=described(answer),
        mark=mark,
    )
    tenant.armed.remove(armed.id)
    later = client.try_request()
    require(
        is_success(later),
        expected=f"HTTP 200 for the next request, which the resource accepts after {what}",
        seen=f"{_next_request(client, resources)}: {described(later)}",
    )


def _next_request(client: LabClient, before: int) -> str:
    """Return how the client sent its next request; `before` requests had arrived until then."""
    later = client.tenant.journal.requests("resource")[before:]
    if not later:
        return "after the refusal the client sends no request"
    issued = issued_tokens(client)
    if not any(token.encode() in later[-1].raw for token in issued):
        return "after the refusal the client has no token, and sends its request without one"
    return "after the refusal the client fails with a token of the server"
