"""Clients that never reach what a scenario tests: they send nothing, or stop after the first step.

A scenario about a request that never arrived has shown nothing. No scenario passes for these clients, and none fails, unless
what they did send is what it judges.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, ResourceRequest, ResourceResponse, Token
from oauth_gauntlet.reference.token_response import Grant
from tests.selftest.altered import Altered


class _SendsNothing(Altered):
    """Every operation but configure ends with an error, and nothing is sent."""

    kind: ClassVar[ErrorKind]

    def failure(self) -> ClientFailure:
        """Return the error that each operation reports."""
        return ClientFailure(ErrorInfo(kind=self.kind, message="the client does not work", type="DeadError"))

    def get_token(self) -> Token:
        raise self.failure()

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        raise self.failure()

    def refresh(self) -> Token:
        raise self.failure()

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        raise self.failure()

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        raise self.failure()


class FailsAsConfiguration(_SendsNothing):
    """It calls every configuration wrong."""

    kind = ErrorKind.CONFIG


class FailsAsRefused(_SendsNothing):
    """It reports a refusal of a server that it never asked."""

    kind = ErrorKind.OAUTH


class FailsUndocumented(_SendsNothing):
    """It crashes."""

    kind = ErrorKind.UNEXPECTED


class ConstantToken(Altered):
    """It returns the same token to everybody, and sends nothing."""

    def token(self) -> Token:
        """Return the only token that it knows."""
        return Token(access_token="constant", token_type="Bearer", expires_in=3600)

    def get_token(self) -> Token:
        return self.token()

    def refresh(self) -> Token:
        return self.token()

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        return ResourceResponse(status=200, headers=(), body="constant")


class NothingToResources(Altered):
    """It gets tokens, and never sends one to a resource."""

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        raise ClientFailure(ErrorInfo(kind=ErrorKind.PROTOCOL, message="no request was sent", type="DeadError"))


class OnlyOneOperation(Altered):
    """After `configure` one operation works; each further one fails, and sends nothing."""

    done = False

    def configure(self, config: Mapping[str, JSON]) -> None:
        super().configure(config)
        self.done = False

    def once(self) -> None:
        """Let the first operation pass, and fail the others."""
        if self.done:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.PROTOCOL, message="the client works only once", type="DeadError"))
        self.done = True

    def get_token(self) -> Token:
        self.once()
        return super().get_token()

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        self.once()
        return [super(OnlyOneOperation, self).get_token() for _ in range(count)]

    def refresh(self) -> Token:
        self.once()
        return super().refresh()

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        self.once()
        self.done = False
        try:
            return super().request(method, url, headers, body)
        finally:
            self.done = True


class RequestsRefused(Altered):
    """The server refuses all of its token requests, for they name an unknown grant; nothing else is ever sent."""

    def ask(self, grant: GrantType) -> Grant:
        configuration, transport = self._ready()
        builder = self.request_builder(configuration)
        pairs = builder.parameters(grant, refresh_token=self.refresh_token, now=self.now())
        wrong = [(name, "gauntlet-unknown" if name == "grant_type" else value) for name, value in pairs]
        response = transport.send(builder.method, builder.url(wrong), builder.headers(), builder.body(wrong))
        return self.responses.read(response)


UNREACHED = [
    FailsAsConfiguration,
    FailsAsRefused,
    FailsUndocumented,
    ConstantToken,
    NothingToResources,
    OnlyOneOperation,
    RequestsRefused,
]
