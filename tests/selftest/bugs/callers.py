"""Bugs that several callers at once bring out."""

import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.errors import protocol_error, transport_error
from tests.selftest.bugs.broken import Broken


class _Open:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


class _Meeting(Broken):
    """Callers at once do meet where nothing guards them: without that, it is chance whether the first is back by then."""

    _meeting: threading.Barrier | None = None

    def get_tokens(self, count: int, cancel: int = 0) -> Any:
        self._meeting = threading.Barrier(count) if not cancel else None
        return super().get_tokens(count, cancel)

    def meet(self) -> None:
        if self._meeting is not None:
            with suppress(threading.BrokenBarrierError):
                self._meeting.wait(timeout=1.0)
            self._meeting.abort()


class StampedeOnExpiry(_Meeting):
    """Guards the first token, and no renewal."""

    seen_in = ("AlexAegis/auth#382", "Mendeley/mendeley-javascript-sdk#79")

    reached_by = ("get_tokens",)

    def get_token(self) -> Any:
        if self.held is None:
            return super().get_token()
        if self.is_fresh(self.held):
            return self.exposed(self.held)
        self.meet()
        return self.exposed(self.renew())


class CacheOfTheProcess(Broken):
    """Keeps one token for all clients of the process."""

    seen_in = ("Colin-b/httpx_auth#97", "drt-hub/drt#1156", "AzureAD/azure-activedirectory-library-for-dotnet#501")

    reached_by = ("get_token again",)

    tokens: dict[str, Any] = {}  # noqa: RUF012 - that is the bug

    def get_token(self) -> Any:
        configuration, _ = self._ready()
        if configuration.token_url not in self.tokens:
            self.tokens[configuration.token_url] = super().get_token()
        return self.tokens[configuration.token_url]


class LastOneServed(Broken):
    """Gives one of several callers the answer, and the others nothing that works."""

    seen_in = ("felangel/fresh#141",)

    def get_tokens(self, count: int, cancel: int = 0) -> Any:
        first, *others = super().get_tokens(count, cancel)
        return [first, *(replace(each, access_token="pending") for each in others)]


class FailureFreezes(Broken):
    """Lets nobody in for a while after a failure."""

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
    """Takes a request that timed out for one that is still under way, and waits for it."""

    seen_in = ("wireapp/wire-webapp#1838", "esbenp/jquery-oauth#18")

    reached_by = ("an exchange that timed out",)

    under_way = False

    def renew(self) -> Any:
        if self.under_way:
            raise protocol_error("somebody is asking already")
        try:
            return super().renew()
        except ClientFailure as failure:
            self.under_way = failure.error.kind == "timeout"
            raise


class CancelledForGood(Broken):
    """Waits for a caller that was cancelled: the mark that somebody is asking is never taken down."""

    reached_by = ("cancelled",)

    marked = False

    def cancelled(self, call: Any) -> Any:
        self.marked = True
        return super().cancelled(call)

    def get_token(self) -> Any:
        token = super().get_token()
        if self.marked:
            raise protocol_error("somebody is asking already")
        return token


class Unlocked(_Meeting):
    """Lets every caller renew."""

    seen_in = ("openfga/js-sdk#333", "veryfront/veryfront-code#2249")

    reached_by = ("get_tokens",)

    def __init__(self) -> None:
        super().__init__()
        self._lock = _Open()

    def renew(self) -> Any:
        self.meet()
        return super().renew()


class OneIsServed(Broken):
    """Answers one caller, and turns the others away meanwhile."""

    reached_by = ("get_tokens",)

    def __init__(self) -> None:
        super().__init__()
        self.busy = threading.Lock()

    def get_token(self) -> Any:
        if not self.busy.acquire(blocking=False):
            raise transport_error("somebody else is asking already")
        try:
            return super().get_token()
        finally:
            time.sleep(0.05)  # long enough for whoever comes at the same time
            self.busy.release()
