"""`LabClient`: the client as a scenario uses it.

It completes the configuration with defaults, and turns an unexpected error of the client into a finding. Most operations have
two forms: `get_token` for a scenario in which a correct client succeeds, and `try_get_token` for one that examines either
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.checks import NoAnswer, Untestable, require, untestable
from oauth_gauntlet.lab.answers import described, usable
from oauth_gauntlet.lab.arrivals import Arrivals
from oauth_gauntlet.lab.renewal import Renewal
from oauth_gauntlet.lab.resource_operations import ResourceOperations
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import (
    JSON,
    ErrorInfo,
    GrantType,
    Hello,
    Token,
)
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.faults.base import Fault


class LabClient(ResourceOperations, Arrivals):
    """One client, with one grant, configured for one tenant."""

    def __init__(
        self,
        *,
        adapter: ClientAdapter,
        hello: Hello,
        tenant: Tenant,
        grant: GrantType,
        new_tenant: Callable[[], Tenant] | None = None,
        renewal: RenewalKind | None = None,
    ) -> None:
        super().__init__(adapter, tenant)
        self.hello = hello
        self.grant = grant
        self.config: dict[str, JSON] = {}
        self.renewal = None if renewal is None else Renewal(renewal)
        """The renewal that is judged in place of the first token request, or None."""
        self._new_tenant = new_tenant
        self._configured = False

    def use_ports(self, ports: Ports) -> None:
        """Know the ports of the scenario: what happens there counts for the client's time limit, and for its renewal."""
        self.ports = ports
        if self.renewal is not None:
            self.renewal.ports = ports

    # Configuration

    def configuration(self, **changes: JSON) -> dict[str, JSON]:
        """Return the grant's default configuration with changes; a change to None removes the key."""
        config = default_configuration(self.tenant, self.grant)
        return {key: value for key, value in (config | changes).items() if value is not None}

    def try_configure(self, **changes: JSON) -> ErrorInfo | None:
        """Configure the client with changes to the defaults; return its error if it rejects the configuration."""
        return self.try_configure_exactly(self.configuration(**changes))

    def try_configure_exactly(self, config: Mapping[str, JSON]) -> ErrorInfo | None:
        """Configure the client with exactly this configuration; return its error if it rejects the configuration."""
        self.config = dict(config)
        register(self.tenant, self.config)
        self._configured = True
        if self.renewal is not None:
            self.renewal.restart()
        answer = self._ask(lambda: self.adapter.configure(self.config))
        return answer if isinstance(answer, ErrorInfo) else None

    def configure(self, **changes: JSON) -> None:
        """Configure the client with changes to the defaults; a rejected configuration is a finding."""
        refusal = self.try_configure(**changes)
        require(
            refusal is None,
            expected="the client to accept a complete configuration",
            seen=f"the client rejected it: {described(refusal)}",
        )

    def _be_configured(self) -> None:
        """Configure the client with the defaults, if it is not configured yet."""
        if not self._configured:
            self.configure()

    def fresh(self, **changes: JSON) -> None:
        """Start again within a scenario: clear the journal and the faults, and configure with changes to the defaults."""
        self.tenant.journal.clear()
        self.tenant.clear_faults()
        self.configure(**changes)

    def control(self, *answers: Fault, **changes: JSON | Callable[[Tenant], JSON]) -> None:
        """Show that the client accepts what has nothing wrong: a configuration with `changes`, and the `answers`.

        Nothing but the fault may then decide the scenario. The control has a tenant of its own, so a client that keeps
        tokens by configuration sends a request for each of both. A change that depends on the tenant is a function of it,
        such as ``token_url=port.url_of``. Without `answers` the mock server answers by itself.

        Raises:
            Untestable: the client reports an error.
        """
        other = self.at_another_tenant()
        for each in answers:
            other.tenant.arm(each)
        try:
            answer = other.obtain(**{key: value(other.tenant) if callable(value) else value for key, value in changes.items()})
        except NoAnswer as unanswered:
            raise Untestable(f"the client does not accept the same without the fault: {unanswered.seen}") from unanswered
        if not isinstance(answer, Token) or not isinstance(answer.access_token, str) or not answer.access_token:
            untestable(f"the client does not accept the same without the fault: it reported {described(answer)}")
        self.control_accepted = bool(other.token_requests())
        if self._configured:
            self.try_configure_exactly(self.config)

    def control_once(self, *answers: Fault, **changes: JSON | Callable[[Tenant], JSON]) -> None:
        """Do as `control`, unless a control was accepted before: for a scenario that runs for many examples."""
        if not self.control_accepted:
            self.control(*answers, **changes)

    def at_another_tenant(self) -> LabClient:
        """Return the same client for a new tenant. It has one configuration: each of both must configure it before use."""
        assert self._new_tenant is not None, "a client without new_tenant has no control"
        return self._beside(LabClient(adapter=self.adapter, hello=self.hello, tenant=self._new_tenant(), grant=self.grant))

    def another_instance(self, name: str = "b", *, elsewhere: bool = False) -> LabClient:
        """Return a second client in the same process (capability ``instances``).

        It belongs to the same tenant, or, with `elsewhere`, to a new one.
        """
        tenant = self.tenant
        if elsewhere:
            assert self._new_tenant is not None, "a client without new_tenant has no other server"
            tenant = self._new_tenant()
        instance = self.adapter.instance(name)
        return self._beside(
            LabClient(adapter=instance, hello=self.hello, tenant=tenant, grant=self.grant, new_tenant=self._new_tenant)
        )

    def _beside(self, other: LabClient) -> LabClient:
        """Return another client of the same adapter, with the ports of this one."""
        other.ports = self.ports
        other.unanswered = self.unanswered
        return other

    @contextmanager
    def allowing(self, seconds: float) -> Iterator[None]:
        """Let each operation in the context take so many seconds: for a client whose own time limit is under test."""
        usual_s = self.adapter.operation_limit_s
        self.adapter.operation_limit_s = seconds
        try:
            yield
        finally:
            self.adapter.operation_limit_s = usual_s

    # Tokens

    @property
    def request_grant(self) -> GrantType:
        """The grant of the token request that is judged: the configured one, unless that request is a refresh."""
        return self.grant if self.renewal is None else self.renewal.grant(self.grant)

    def try_get_token(self) -> Token | ErrorInfo:
        """Return the answer to get_token; configure the client with the defaults if it is not configured yet.

        Where a renewal is judged, the first call returns the answer to the renewal.

        Raises:
            Untestable: there is no renewal that could be judged.
        """
        self._be_configured()
        if self.renewal is not None and self.renewal.pending:
            return self.renewal.answer(self)
        return self.ask_for_token()

    def ask_for_token(self) -> Token | ErrorInfo:
        """Return the answer to get_token of a configured client."""
        return self._ask(self.adapter.get_token)

    @property
    def renewal_occasion(self) -> str:
        """When the renewal that is judged is sent, in words; empty where a first request is judged."""
        return "" if self.renewal is None else self.renewal.kind.occasion

    def is_old_token(self, answer: object) -> bool:
        """Return whether an answer is the token that the client had before the renewal that is judged.

        Many clients go on with it while the server cannot be reached, and no document forbids that.
        """
        old = None if self.renewal is None else self.renewal.old_token
        return old is not None and isinstance(answer, Token) and answer.access_token == old.access_token

    def get_token(self) -> Token:
        """Return an access token; any other answer is a finding."""
        return usable(self.try_get_token())

    def obtain(self, **changes: JSON) -> Token | ErrorInfo:
        """Configure with changes, and return the answer to get_token, or the error of the configuration."""
        return self.try_configure(**changes) or self.try_get_token()

    def get_tokens(self, count: int, *, cancel: int = 0) -> tuple[Token | ErrorInfo, ...]:
        """Return the answers to `count` concurrent calls; the first `cancel` calls are cancelled (capability ``cancel``)."""
        self._be_configured()
        answers = self._ask(lambda: self.adapter.get_tokens(count, cancel))
        if isinstance(answers, ErrorInfo):
            return (answers,)
        return self._kept(answers, "token", cancel)

    def try_refresh(self) -> Token | ErrorInfo:
        """Return the client's answer to refresh."""
        self._be_configured()
        return self._ask(self.adapter.refresh)

    def refresh(self) -> Token:
        """Return the token of a refresh; any other answer is a finding."""
        return usable(self.try_refresh())

    # The rest of the protocol

    def advance(self, seconds: float) -> None:
        """Move the clocks of client and server; negative `seconds` move them back (capability ``clock``). See `skew`."""
        self.tenant.clock.advance(seconds)
        self.skew(seconds)

    def skew(self, seconds: float) -> None:
        """Move only the client's clock, so that it differs from the server's by `seconds` more.

        Raises:
            Untestable: the client's clock was not moved; what follows would say nothing.
        """
        answer = self._ask(lambda: self.adapter.advance_clock(seconds))
        if isinstance(answer, ErrorInfo):
            untestable(f"the client's clock was not moved: it reported {described(answer)}")

    def describe(self) -> tuple[str, ...]:
        """Return the client's own string forms of itself and of its token.

        Raises:
            ClientFailure: the client or its adapter crashed; then the scenario has no verdict, but the verdict ``error``.
        """
        return tuple(self.adapter.describe())
