"""What a story requires after each step: of tokens, of errors, of the number of requests, and of answers of the resource."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.protocol import Capability, ErrorInfo, ErrorKind, ResourceResponse, Token
from oauth_gauntlet_scenarios.resource.requests import is_success, path_of
from oauth_gauntlet_scenarios.story.failing import FailingServer
from oauth_gauntlet_scenarios.story.knowledge import LEEWAY_S, Knowledge
from oauth_gauntlet_scenarios.story.refusals import Renewal
from oauth_gauntlet_scenarios.story.responses import TokenResponses
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import TokenRecord

_MOST_REQUESTS = 2
"""Token requests for one call: a renewal that fails, then the grant's own credentials. More is a loop."""

_A_FEW = 4
"""Requests at the resource that are no loop while it refuses more than one: some published clients retry twice."""

_BREAKS_THE_CIRCUIT = 5
"""Failures in a row after which a client may pause, and report an error without a request."""


class Checks:
    """The checks of one story, after each of its steps."""

    def __init__(self, client: LabClient, tenant: Tenant, server: FailingServer, responses: TokenResponses) -> None:
        self._client = client
        self._tenant = tenant
        self._server = server
        self._responses = responses
        self.knowledge = Knowledge(tenant, responses)
        """What the client can know under its configuration."""
        self._pauses = False

    def can(self, capability: Capability) -> bool:
        """Return whether the client declares a capability."""
        return capability in self._client.hello.capabilities

    def end_step(self) -> None:
        """End a step: its faults excuse nothing in the next."""
        self._pauses = self._responses.failures_in_a_row() >= _BREAKS_THE_CIRCUIT
        self.knowledge.end_step()

    # Tokens and errors

    def token(self, answer: Token | ErrorInfo, settled: TokenRecord | None, *, fresh: bool = False) -> None:
        """Check an answer to get_token, or with `fresh` to refresh."""
        if isinstance(answer, ErrorInfo):
            self.error(answer, settled)
            return
        token = str(answer.access_token)
        require(
            not fresh or token != self.knowledge.held,
            expected="a new token",
            seen="the token that the application has already",
        )
        current = token in self.knowledge.usable()
        require(
            current or token not in self._responses.issued(),
            expected="a token issued under the current configuration",
            seen="a token of an earlier configuration",
        )
        require(
            not self.knowledge.superseded(token),
            expected="the token that has replaced the refused one",
            seen="the token that the resource has refused",
        )
        renews = self.can(Capability.AUTO_REFRESH)
        stale = current and token == self.knowledge.held and (self._fails or not renews)
        self.knowledge.record_token(token)
        valid = self._tenant.active(token) is not None
        require(valid or stale or self.knowledge.excuses(token), expected="a valid token", seen=self._invalid(token))

    def error(self, error: ErrorInfo, settled: TokenRecord | None) -> None:
        """Check an error: it is documented, has a reason, and withholds no cached token that is valid for long enough."""
        self.knowledge.record_error()
        self._documented(error)
        require(
            self._has_reason,
            expected="a token: nothing went wrong at the server",
            seen=described(error),
        )
        require(
            settled is None or not self.can(Capability.CACHE),
            expected="the cached token, which is still valid for long enough",
            seen=described(error),
        )

    # Token requests

    def token_requests(self, before: int, settled: TokenRecord | None, *, callers: int, retries: int = 0) -> None:
        """Check the number of token requests of a step for so many callers that cannot share a token."""
        sent = self.count("token") - before
        if settled is not None and self.can(Capability.CACHE) and not retries:
            require(sent == 0, expected="no token request: the cached token is valid", seen=_token_requests(sent))
        # A request on a connection that breaks may be sent once more by the HTTP library itself.
        self._at_most(sent, callers * _MOST_REQUESTS + retries)

    def shared(self) -> bool:
        """Return whether concurrent callers share the token that they need.

        They share a token, not a failure. A client has nothing to share if it has no cache, or if its leeway is longer than
        the token's lifetime.
        """
        lifetime_s = self._tenant.settings.access_token_lifetime_s
        lasting = lifetime_s is not None and lifetime_s > LEEWAY_S and not self._server.omits_lifetime
        return self.can(Capability.CACHE) and lasting and not self._has_reason

    # The resource

    def uses(
        self,
        answers: Sequence[ResourceResponse | ErrorInfo],
        since: int,
        tokens_before: int,
        settled: TokenRecord | None,
        long_lived: TokenRecord | None,
    ) -> None:
        """Check the answers to authorised requests that were made at once, and the requests since exchange `since`."""
        exchanges = self._tenant.journal.exchanges("resource", since=since)
        refusals = self._server.refusals
        if any(refusal.renewal is not Renewal.USELESS for refusal in refusals):
            settled = None  # the client may renew its token, or forget it
        for answer in answers:
            self._use(answer, settled)
        self._resource_requests(exchanges, callers=len(answers))
        callers, retries = len(answers), max(0, len(exchanges) - len(answers))
        if callers > 1 and self.shared() and not refusals:
            # One renewal because of time, and one because of the refusals that the revoked token has met.
            most = _MOST_REQUESTS * ((long_lived is None) + bool(retries))
            self._at_most(self.count("token") - tokens_before, most, which=" for callers that can share the new token")
        else:
            self.token_requests(tokens_before, settled, callers=callers, retries=retries)
        used = {token for each in exchanges if (token := witness.authorization(each.request)[1])}
        unknown = sorted(used - set(self._responses.issued()))
        require(
            not unknown,
            expected="a token of the server in each request at the resource",
            seen=f"{unknown[0][:40]!r}, which the server never issued" if unknown else "",
        )
        self.knowledge.record_uses(used)
        for each in exchanges:
            if each.response is not None and each.response.status in (401, 403):
                self.knowledge.record_refusal(witness.authorization(each.request)[1] or "")

    def own_response(self, name: str, answer: ResourceResponse | ErrorInfo) -> None:
        """Check that a caller gets the response to its own request, whose path has this name."""
        path = path_of(answer)
        require(
            path is None or path == name,
            expected="for each caller the response to its own request",
            seen=f"{name} got the response to the request of {path}",
        )

    def _use(self, answer: ResourceResponse | ErrorInfo, settled: TokenRecord | None) -> None:
        refusals = self._server.refusals
        if isinstance(answer, ErrorInfo):
            if refusals:
                self._documented(answer)
            elif answer.http_status != 401:
                self.error(answer, settled)
        recovers = not refusals or [refusal.renewal for refusal in refusals] == [Renewal.EXPECTED]
        if recovers and not self._has_reason and self.can(Capability.RETRY_401):
            after = f", after 401 in the form {refusals[0].name}" if refusals else ""
            # Some clients return a 401 as the resource's response, others raise an error.
            require(is_success(answer), expected=f"HTTP 200, with a new token if needed{after}", seen=described(answer))

    def _resource_requests(self, exchanges: Sequence[Exchange], *, callers: int) -> None:
        refusals = self._server.refusals
        useless = callers == 1 and bool(refusals) and all(refusal.renewal is Renewal.USELESS for refusal in refusals)
        require(
            not useless or len(exchanges) == 1,
            expected="one request: another token with the same scope does not help after 403 insufficient_scope",
            seen=f"{len(exchanges)} requests at the resource",
        )
        most = 2 if len(refusals) <= 1 else _A_FEW
        sent = max(Counter(each.request.target.partition("?")[0] for each in exchanges).values(), default=0)
        require(
            sent <= most,
            expected="one request and at most one retry" if most == 2 else f"at most {most} requests while each is refused",
            seen=f"{sent} requests at the resource",
        )
        used = [witness.authorization(each.request)[1] for each in exchanges]
        if callers == 1 and [refusal.renewal for refusal in refusals] == [Renewal.EXPECTED] and len(used) > 1:
            require(
                used[0] != used[1] or not used[0],
                expected="the new token in the second request",
                seen="the refused token",
            )

    # All steps

    def count(self, endpoint: str) -> int:
        """Return how many requests have arrived at an endpoint."""
        return self._tenant.journal.count(endpoint)

    @property
    def _fails(self) -> bool:
        """Whether the server fails, or has failed so often that the client may pause."""
        return self._server.met_fault or self._pauses

    @property
    def _has_reason(self) -> bool:
        """Whether an error has a reason: a fault in this step, a pause, or a background renewal while the clock moved."""
        return self._fails or self.knowledge.renews_in_background

    def _documented(self, error: ErrorInfo) -> None:
        require(
            error.kind is not ErrorKind.UNEXPECTED,
            expected="an error that the client documents",
            seen=described(error),
        )

    def _at_most(self, sent: int, most: int, which: str = "") -> None:
        require(sent <= most, expected=f"at most {most} token requests{which}", seen=_token_requests(sent))

    def _invalid(self, token: str) -> str:
        if token in self._responses.issued():
            return "an expired token"
        return f"{token[:40]!r}, which the server never issued"


def _token_requests(count: int) -> str:
    return f"{count} token request{'' if count == 1 else 's'}"
