"""`LabClient`: the client as a scenario uses it.

It completes the configuration with defaults, turns an unexpected error of the client into a finding, and keeps the last
answer as evidence. Most operations have two forms: `get_token` for a scenario in which a correct client succeeds, and
`try_get_token` for one that examines either answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, Hello, JSONObject, ResourceResponse, Token
from oauth_gauntlet.registration import default_configuration, register
from oauth_gauntlet_server import RecordedRequest, Tenant
from oauth_gauntlet_server.faults.base import Fault

Answer = TypeVar("Answer")


class LabClient:
    """One client, with one grant, configured for one tenant."""

    def __init__(
        self,
        *,
        adapter: ClientAdapter,
        hello: Hello,
        tenant: Tenant,
        grant: GrantType,
        new_tenant: Callable[[], Tenant] | None = None,
    ) -> None:
        self.adapter = adapter
        self.hello = hello
        self.tenant = tenant
        self.grant = grant
        self.config: dict[str, JSON] = {}
        self.last_answer: JSONObject | None = None
        self.control_accepted = False
        """Whether the client has accepted a control answer: then it does send requests."""
        self._new_tenant = new_tenant
        self._configured = False

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
        assert self._new_tenant is not None, "a client without new_tenant has no control"
        other = LabClient(adapter=self.adapter, hello=self.hello, tenant=self._new_tenant(), grant=self.grant)
        for each in answers:
            other.tenant.arm(each)
        answer = other.obtain(**{key: value(other.tenant) if callable(value) else value for key, value in changes.items()})
        if not isinstance(answer, Token) or not isinstance(answer.access_token, str) or not answer.access_token:
            untestable(f"the client does not accept the same without the fault: it reported {described(answer)}")
        self.control_accepted = bool(other.token_requests())
        if self._configured:
            self.try_configure_exactly(self.config)

    def control_once(self, *answers: Fault, **changes: JSON | Callable[[Tenant], JSON]) -> None:
        """Do as `control`, unless a control was accepted before: for a scenario that runs for many examples."""
        if not self.control_accepted:
            self.control(*answers, **changes)

    def another_instance(self, name: str = "b", *, elsewhere: bool = False) -> LabClient:
        """Return a second client in the same process (capability ``instances``).

        It belongs to the same tenant, or, with `elsewhere`, to a new one.
        """
        tenant = self.tenant
        if elsewhere:
            assert self._new_tenant is not None, "a client without new_tenant has no other server"
            tenant = self._new_tenant()
        instance = self.adapter.instance(name)
        return LabClient(adapter=instance, hello=self.hello, tenant=tenant, grant=self.grant, new_tenant=self._new_tenant)

    # Tokens

    def try_get_token(self) -> Token | ErrorInfo:
        """Return the answer to get_token; configure the client with the defaults if it is not configured yet."""
        if not self._configured:
            self.configure()
        return self._ask(self.adapter.get_token)

    def get_token(self) -> Token:
        """Return an access token; any other answer is a finding."""
        return usable(self.try_get_token())

    def obtain(self, **changes: JSON) -> Token | ErrorInfo:
        """Configure with changes, and return the answer to get_token, or the error of the configuration."""
        return self.try_configure(**changes) or self.try_get_token()

    def get_tokens(self, count: int, *, cancel: int = 0) -> tuple[Token | ErrorInfo, ...]:
        """Return the answers to `count` concurrent calls; the first `cancel` calls are cancelled (capability ``cancel``)."""
        if not self._configured:
            self.configure()
        answers = self._ask(lambda: self.adapter.get_tokens(count, cancel))
        if isinstance(answers, ErrorInfo):
            return (answers,)
        self.last_answer = {
            "results": [{"error" if isinstance(each, ErrorInfo) else "token": each.to_json()} for each in answers]
        }
        return (*answers[:cancel], *map(_uncancelled, answers[cancel:]))

    def try_refresh(self) -> Token | ErrorInfo:
        """Return the client's answer to refresh."""
        if not self._configured:
            self.configure()
        return self._ask(self.adapter.refresh)

    def refresh(self) -> Token:
        """Return the token of a refresh; any other answer is a finding."""
        return usable(self.try_refresh())

    # The rest of the protocol

    def try_request(
        self,
        url: str | None = None,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: str | None = None,
    ) -> ResourceResponse | ErrorInfo:
        """Return the client's answer to an authorised request; without `url` it goes to the tenant's resource."""
        if not self._configured:
            self.configure()
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
        """Return the response to an authorised request; an error of the client is a finding."""
        answer = self.try_request(url, method=method, headers=headers, body=body)
        require(
            isinstance(answer, ResourceResponse),
            expected="an answer of the protected resource",
            seen=f"the client reported {described(answer)}",
        )
        assert isinstance(answer, ResourceResponse)
        return answer

    def advance(self, seconds: float) -> None:
        """Move the clocks of client and server; negative `seconds` move them back (capability ``clock``)."""
        self.tenant.clock.advance(seconds)
        self.skew(seconds)

    def skew(self, seconds: float) -> None:
        """Move only the client's clock, so that it differs from the server's by `seconds` more."""
        self._ask(lambda: self.adapter.advance_clock(seconds))

    def describe(self) -> tuple[str, ...]:
        """Return the client's own string forms of itself and of its token.

        Raises:
            ClientFailure: the client or its adapter crashed; then the scenario has no verdict, but the verdict ``error``.
        """
        return tuple(self.adapter.describe())

    # Witness

    def token_requests(self) -> tuple[RecordedRequest, ...]:
        """Return the requests at the token endpoint, in order."""
        return self.tenant.journal.requests("token")

    def token_request(self) -> RecordedRequest:
        """Return the last request at the token endpoint.

        Raises:
            Untestable: there is none, and no control has shown that the client sends any.
            Breach: there is none, although the client sends one where nothing is under test.
        """
        requests = self.token_requests()
        if not requests and not self.control_accepted:
            untestable("no request arrived at the token endpoint")
        require(
            requests,
            expected="a request at the token endpoint, as with the control",
            seen="none arrived there",
        )
        return requests[-1]

    def grants(self) -> list[JSONObject]:
        """Return the successful responses of the token endpoint as JSON, in order.

        Raises:
            Untestable: there is none, and no control has shown that the client gets a token.
            Breach: there is none, although the control gave a token.
        """
        responses = [exchange.response for exchange in self.tenant.journal.exchanges("token")]
        found = [response.json() for response in responses if response is not None and response.status == 200]
        if not found and not self.control_accepted:
            untestable(f"no token request was granted, of {len(responses)}")
        require(found, expected="a token request that is granted, as with the control", seen=f"none of {len(responses)} was")
        return found

    def _ask(self, operation: Callable[[], Answer]) -> Answer | ErrorInfo:
        try:
            answer = operation()
        except ClientFailure as failure:
            self.last_answer = {"error": failure.error.to_json()}
            return _uncancelled(failure.error)
        if isinstance(answer, Token):
            self.last_answer = {"token": answer.to_json()}
        elif isinstance(answer, ResourceResponse):
            self.last_answer = {"response": answer.to_json()}
        return answer


def _uncancelled(answer: Answer) -> Answer:
    """Return the answer to a call that was not cancelled: kind ``cancelled`` becomes ``unexpected``."""
    if isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CANCELLED:
        return replace(answer, kind=ErrorKind.UNEXPECTED)
    return answer


def usable(answer: Token | ErrorInfo) -> Token:
    """Return the token, if an application can use it.

    Raises:
        Breach: the client reported an error, or returned something that is no access token.
    """
    require(
        isinstance(answer, Token),
        expected="an access token for the application",
        seen=f"the client reported {described(answer)}",
    )
    assert isinstance(answer, Token)
    require(
        isinstance(answer.access_token, str) and answer.access_token,
        expected="an access token for the application",
        seen=f"the client returned {json.dumps(answer.access_token)[:80]} as the access token",
    )
    return answer


def documented(answer: object) -> None:
    """Check that an answer is not an unusable token and not an undocumented error. Any other answer is accepted.

    Raises:
        Breach: the error has kind ``unexpected``, or the token contains no access token.
    """
    if isinstance(answer, Token):
        usable(answer)
    elif isinstance(answer, ErrorInfo):
        require(
            answer.kind is not ErrorKind.UNEXPECTED,
            expected="a token, or an error that the client documents",
            seen=described(answer),
        )


def described(answer: object) -> str:
    """Return a short description of a client's answer, for the text of a finding."""
    if isinstance(answer, ErrorInfo):
        code = f" {answer.oauth_error}" if answer.oauth_error else ""
        status = f" (HTTP {answer.http_status})" if answer.http_status else ""
        native = f"{answer.type}: {answer.message}" if answer.type else answer.message
        text = f"an error of kind {answer.kind}{code}{status}: {native}"
        return text if len(text) <= 400 else f"{text[:397]}..."
    if isinstance(answer, Token):
        return f"a token, access_token {json.dumps(answer.access_token)[:60]}"
    if isinstance(answer, ResourceResponse):
        return f"HTTP {answer.status}"
    return "nothing"
