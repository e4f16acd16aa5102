"""Bugs that only concurrent callers reveal."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability
from oauth_gauntlet.reference.errors import protocol_error, transport_error
from tests.selftest.bugs.broken import Broken


class _Open:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


class _Meeting(Broken):
    """Makes concurrent callers wait for each other at the unguarded place.

    Otherwise it would depend on the timing whether the second caller arrives before the first has finished.
    """

    _meeting: threading.Barrier | None = None

    def get_tokens(self, count: int, cancel: int = 0) -> Any:
        self._meeting = threading.Barrier(count) if not cancel else None
        return super().get_tokens(count, cancel)

    def requests(self, requests: Any, cancel: int = 0) -> Any:
        self._meeting = threading.Barrier(len(requests)) if not cancel else None
        return super().requests(requests, cancel)

    def meet(self) -> None:
        if self._meeting is not None:
            with suppress(threading.BrokenBarrierError):
                self._meeting.wait(timeout=1.0)
            self._meeting.abort()


class StampedeOnExpiry(_Meeting):
    """Has a lock for the first token, but none for renewals."""

    seen_in = ("AlexAegis/auth#382", "Mendeley/mendeley-javascript-sdk#79")

    reached_by = ("get_tokens", "requests")

    def get_token(self) -> Any:
        if self.held is None:
            return super().get_token()
        if self.is_fresh(self.held):
            return self.exposed(self.held)
        self.meet()
        return self.exposed(self.renew())


class CacheOfTheProcess(Broken):
    """Shares one token cache among all clients of the process."""

    seen_in = ("Colin-b/httpx_auth#97", "drt-hub/drt#1156", "AzureAD/azure-activedirectory-library-for-dotnet#501")

    reached_by = ("get_token again",)

    tokens: dict[str, Any] = {}  # noqa: RUF012 - this is the bug

    def get_token(self) -> Any:
        configuration, _ = self._ready()
        if configuration.token_url not in self.tokens:
            self.tokens[configuration.token_url] = super().get_token()
        return self.tokens[configuration.token_url]


class _CacheOfTheClass(Broken):
    """Keeps the first token of each key for all clients of the process; a client looks there before its first request.

    It undeclares parallel: scenarios then run one after the other, and clients of other scenarios do not meet in the cache.
    Each configuration empties the cache, so that nothing is left of an earlier scenario.
    """

    reached_by = ("another instance",)

    kept: dict[Any, Any] = {}  # noqa: RUF012 - this is the bug
    has_looked = False

    def key(self, configuration: Any) -> Any:
        raise NotImplementedError

    def hello(self) -> Any:
        hello = super().hello()
        return replace(hello, capabilities=hello.capabilities - {Capability.PARALLEL, Capability.CANCEL})

    def configure(self, config: Any) -> None:
        self.kept.clear()
        self.has_looked = False
        super().configure(config)

    def get_token(self) -> Any:
        configuration, _ = self._ready()
        if not self.has_looked:
            self.has_looked = True
            self.held = self.kept.get(self.key(configuration))
        token = super().get_token()
        self.kept.setdefault(self.key(configuration), self.held)
        return token


class OneTokenForAll(_CacheOfTheClass):
    """Keeps one token for all clients of the process."""

    def key(self, configuration: Any) -> Any:
        return None


class CacheByTokenUrl(_CacheOfTheClass):
    """Shares tokens among all clients of one server, whatever their client id, user and scope."""

    def key(self, configuration: Any) -> Any:
        return configuration.token_url


class CacheByClientId(_CacheOfTheClass):
    """Shares tokens among all clients with one client id, whatever their server, user and scope."""

    def key(self, configuration: Any) -> Any:
        return configuration.client_id or configuration.jwt_issuer


class CacheWithoutScope(_CacheOfTheClass):
    """Shares tokens among clients that differ in their scope only."""

    def key(self, configuration: Any) -> Any:
        return repr(replace(configuration, scope=None)), configuration.refresh_token


class CacheWithoutUser(_CacheOfTheClass):
    """Shares tokens among clients that differ in their user, subject or refresh token only."""

    seen_in = ("AzureAD/azure-activedirectory-library-for-dotnet#501",)

    def key(self, configuration: Any) -> Any:
        return repr(replace(configuration, username=None, jwt_subject=None)), *configuration.payload.items()


class CacheWithoutResource(_CacheOfTheClass):
    """Shares tokens among clients that differ in their resource indicators only."""

    seen_in = ("DuendeArchive/Support#1396",)

    def key(self, configuration: Any) -> Any:
        return (
            repr(replace(configuration, resources=())),
            configuration.refresh_token,
            *configuration.payload.items(),
        )


class CacheWithoutAudience(_CacheOfTheClass):
    """Shares tokens among clients that differ in their additional payload only, such as the audience."""

    seen_in = ("Colin-b/httpx_auth#97",)

    def key(self, configuration: Any) -> Any:
        return repr(configuration), configuration.refresh_token


class LastOneServed(Broken):
    """Returns a token to one of several concurrent callers, and an unusable one to the others."""

    seen_in = ("felangel/fresh#141",)

    def get_tokens(self, count: int, cancel: int = 0) -> Any:
        first, *others = super().get_tokens(count, cancel)
        return [first, *(replace(each, access_token="pending") for each in others)]


class FailureFreezes(Broken):
    """Rejects every renewal for five seconds after a failure."""

    seen_in = ("NangoHQ/nango#5505",)

    reached_by = ("a token request that failed",)

    closed_until = 0.0

    def renew(self) -> Any:
        if time.monotonic() < self.closed_until:
            raise protocol_error("later")
        try:
            return super().renew()
        except ClientFailure:
            self.closed_until = time.monotonic() + 5
            raise


class TimeoutBlocks(Broken):
    """Treats a request that timed out as still running, and rejects all later renewals."""

    seen_in = ("wireapp/wire-webapp#1838", "esbenp/jquery-oauth#18")

    reached_by = ("an exchange that timed out",)

    still_running = False

    def renew(self) -> Any:
        if self.still_running:
            raise protocol_error("a request is running already")
        try:
            return super().renew()
        except ClientFailure as failure:
            self.still_running = failure.error.kind == "timeout"
            raise


class CancelledForGood(Broken):
    """Rejects all callers after a cancelled one: its mark for a running request is never removed."""

    reached_by = ("cancelled",)

    marked = False

    def cancelled(self, call: Any) -> Any:
        self.marked = True
        return super().cancelled(call)

    def get_token(self) -> Any:
        token = super().get_token()
        if self.marked:
            raise protocol_error("a request is running already")
        return token


class Unlocked(_Meeting):
    """Has no lock: each concurrent caller renews the token."""

    seen_in = ("openfga/js-sdk#333", "veryfront/veryfront-code#2249")

    reached_by = ("get_tokens", "requests")

    def __init__(self) -> None:
        super().__init__()
        self._lock = _Open()

    def renew(self) -> Any:
        self.meet()
        return super().renew()


class OneIsServed(Broken):
    """Serves one caller, and rejects the others meanwhile."""

    reached_by = ("get_tokens", "requests")

    def __init__(self) -> None:
        super().__init__()
        self.busy = threading.Lock()

    def get_token(self) -> Any:
        if not self.busy.acquire(blocking=False):
            raise transport_error("another caller is served already")
        try:
            return super().get_token()
        finally:
            time.sleep(0.05)  # long enough for callers that arrive at the same time
            self.busy.release()
