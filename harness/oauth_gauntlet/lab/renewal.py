"""Bring a client to its second token request, so that a scenario judges it in place of the first one.

Clients often renew a token with other code than they get the first one with: another method sends the refresh, a middleware
answers the 401 of a resource. What holds for a token request then has to be asked of both. Scenarios are not copied for
that, and do not know about it: where a scenario asks for a token, `Renewal` first gets a token that has nothing wrong, causes
the renewal, and returns the client's answer to that.

- Up to the first token nothing is under test. The server is lenient, the faults that the scenario has armed are held back, and
  its ports work. So a client that sends its first request wrong gets a token nevertheless, and its renewal is judged.
- Then the journal is cleared: what the scenario finds there belongs to the renewal. Only a scenario that compares both
  requests keeps it.
- The rest is the scenario's own: its faults, its ports, its checks.

A client that gets no first token, or sends no renewal, has shown nothing: the scenario is untestable. Two answers are left to
the scenario. One is an error before anything was sent: the client rejects the configuration. The other is the answer of a
client that reached a port with a connection fault and sent nothing: that may be just right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from oauth_gauntlet.checks import NoAnswer, Untestable, untestable
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, GrantType, ResourceResponse, Token
from oauth_gauntlet_server import RecordedRequest, Tenant, faults

_REFUSAL = faults.http_status(
    401,
    '{"error": "invalid_token"}',
    content_type="application/json",
    headers=(("WWW-Authenticate", 'Bearer realm="gauntlet", error="invalid_token"'),),
)

# A connection that stays open would not meet the fault of its port.
_LAST_ON_ITS_CONNECTION = faults.fault("header", header="Connection", value="close")


class RenewingClient(Protocol):
    """What `Renewal` needs of the client: see `oauth_gauntlet.lab.client.LabClient`."""

    tenant: Tenant

    def ask_for_token(self) -> Token | ErrorInfo:
        """Return the answer to get_token."""

    def try_refresh(self) -> Token | ErrorInfo:
        """Return the answer to refresh."""

    def try_request(self) -> ResourceResponse | ErrorInfo:
        """Return the answer to an authorised request to the tenant's resource."""

    def token_requests(self) -> tuple[RecordedRequest, ...]:
        """Return the requests at the token endpoint, in order."""

    def advance(self, seconds: float) -> None:
        """Move the clocks of client and server."""


class Renewal:
    """The renewal that a scenario judges.

    `ports` are those of the scenario, if it uses any. With `keeps_journal` the exchanges of the first token stay in the
    journal: for a scenario that compares both requests. `old_token` is the token that the client had before the renewal, and
    `first_request` the request that it got it with; None if there is none yet, or if the client had the token already.
    """

    def __init__(self, kind: RenewalKind) -> None:
        self.kind = kind
        self.ports: Ports | None = None
        self.old_token: Token | None = None
        self.first_request: RecordedRequest | None = None
        self.pending = True
        self.keeps_journal = False

    def restart(self) -> None:
        """Judge the renewal of the token that the client gets next: it has another configuration."""
        self.pending = True
        self.old_token = None
        self.first_request = None

    def grant(self, configured: GrantType) -> GrantType:
        """Return the grant of the renewal's request, for a client with the configured grant."""
        return GrantType.REFRESH_TOKEN if self.kind is RenewalKind.REFRESH else configured

    def answer(self, client: RenewingClient) -> Token | ErrorInfo:
        """Return the client's answer to its renewal, or the error with which it rejects its configuration.

        Raises:
            Untestable: there is no first token, or no renewal.
        """
        self.pending = False
        first = self._first_token(client)
        if isinstance(first, ErrorInfo):
            return first
        self.old_token = first
        journal = client.tenant.journal
        if not self.keeps_journal:
            journal.clear()
        last = journal.last
        answer = self._renew(client)
        sent = [exchange for exchange in journal.exchanges(since=last) if exchange.endpoint != "resource"]
        if not sent and not self._faulty_ports():
            untestable(f"the client sent no renewal {self.kind.occasion}")
        return answer

    def _first_token(self, client: RenewingClient) -> Token | ErrorInfo:
        tenant = client.tenant
        with tenant.armed.held_back(), _lenient(tenant), self._ports_that_work(tenant):
            try:
                answer = client.ask_for_token()
            except NoAnswer as unanswered:
                raise Untestable(f"the client has no first token that it could renew: {unanswered.seen}") from unanswered
        requests = client.token_requests()
        if isinstance(answer, Token):
            self.first_request = requests[-1] if requests else None
        elif requests:
            untestable(f"the client has no first token that it could renew: it reported {answer.message[:200]}")
        return answer

    def _renew(self, client: RenewingClient) -> Token | ErrorInfo:
        if self.kind is RenewalKind.REFRESH:
            return client.try_refresh()
        if self.kind is RenewalKind.EXPIRY:
            client.advance((client.tenant.settings.access_token_lifetime_s or 0) + 1)
            return client.ask_for_token()
        client.tenant.arm(_REFUSAL, endpoint="resource", times=1)
        response = client.try_request()
        return response if isinstance(response, ErrorInfo) else client.ask_for_token()

    def _faulty_ports(self) -> list[str]:
        return [] if self.ports is None else [port.url for port in self.ports.faulty()]

    @contextmanager
    def _ports_that_work(self, tenant: Tenant) -> Iterator[None]:
        """Let the scenario's ports work meanwhile; a connection to them is not used again afterwards."""
        faulty = [] if self.ports is None else self.ports.faulty()
        if not faulty:
            yield
            return
        closing = tenant.arm(_LAST_ON_ITS_CONNECTION)
        for port in faulty:
            port.recover()
        try:
            yield
        finally:
            tenant.armed.remove(closing.id)
            for port in faulty:
                port.fail_again()


@contextmanager
def _lenient(tenant: Tenant) -> Iterator[None]:
    """Let the tenant grant every well-formed request meanwhile."""
    strict = tenant.settings.strict
    tenant.configure(strict=False)
    try:
        yield
    finally:
        tenant.configure(strict=strict)
