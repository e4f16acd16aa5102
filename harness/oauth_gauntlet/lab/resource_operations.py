"""The operations of a client at a protected resource: authorised requests, one or several at the same time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab.answers import described
from oauth_gauntlet.lab.asking import Asking
from oauth_gauntlet.protocol import ErrorInfo, ResourceRequest, ResourceResponse

_NO_RESOURCE = frozenset({"token", "metadata"})
"""The endpoints at which a client gets its token."""


class ResourceOperations(Asking, ABC):
    """A client that uses its token at a resource."""

    @abstractmethod
    def _be_configured(self) -> None:
        """Configure the client, if it is not configured yet."""

    def try_request(
        self,
        url: str | None = None,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> ResourceResponse | ErrorInfo:
        """Return the client's answer to an authorised request; without `url` it goes to the tenant's resource."""
        self._be_configured()
        target = self.tenant.resource_url if url is None else url
        return self._ask(lambda: self.adapter.request(method, target, headers or {}, body))

    def request(
        self,
        url: str | None = None,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> ResourceResponse:
        """Return the response to an authorised request; an error of the client is a finding.

        Raises:
            Untestable: no request arrived at a resource of the tenant.
        """
        last = self.tenant.journal.last
        answer = self.try_request(url, method=method, headers=headers, body=body)
        if all(exchange.endpoint in _NO_RESOURCE for exchange in self.tenant.journal.exchanges(since=last)):
            untestable(f"no request arrived at the protected resource; the client reported {described(answer)}")
        require(
            isinstance(answer, ResourceResponse),
            expected="an answer of the protected resource",
            seen=f"the client reported {described(answer)}",
        )
        assert isinstance(answer, ResourceResponse)
        return answer

    def requests(self, requests: Sequence[ResourceRequest], *, cancel: int = 0) -> tuple[ResourceResponse | ErrorInfo, ...]:
        """Return the answers to concurrent authorised requests, in their order; the first `cancel` requests are cancelled.

        Capabilities: ``parallel`` and ``resource``, and with `cancel` also ``cancel``.

        Raises:
            Untestable: there is no answer for each request, because the adapter does not support the operation.
        """
        self._be_configured()
        answers = self._ask(lambda: self.adapter.requests(requests, cancel))
        if isinstance(answers, ErrorInfo):
            untestable(f"the adapter reported no answer for each request, but {described(answers)}")
        return self._kept(answers, "response", cancel)
