"""Bugs in how concurrent requests at the resource recover from a refused token; some show with one request already."""

import threading
from contextlib import suppress
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet.reference.errors import transport_error
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.callers import _Meeting


class _Recovering(Broken):
    """Sends a request; `recovered` returns the token for the second attempt after a refusal, or None to give up."""

    reached_by = ("is_invalid_token",)

    def recovered(self, refused: Any) -> Any:
        raise NotImplementedError

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.check_resource(url)
        token = self.get_token()
        response = self.send_with(token, method, url, headers, body)
        if self.is_invalid_token(response) and (renewed := self.recovered(token)) is not None:
            response = self.send_with(renewed, method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode("utf-8", "replace"))


class EachRefusalRenews(_Meeting, _Recovering):
    """Renews the token for each refused request, at the same time as other callers do."""

    seen_in = (
        "manfredsteyer/angular-oauth2-oidc#1509",
        "shridarpatil/whatomate#264",
        "J-M-PUNK/tideway#213",
        "CodingAleCR/http_interceptor#135",
    )

    def recovered(self, refused: Any) -> Any:
        self.meet()
        return self.exposed(self.renew())


class LateRefusalRenews(_Meeting, _Recovering):
    """Has a lock for renewals, and drops its token after each refusal, also if another caller has replaced it meanwhile."""

    seen_in = ("talesofai/cohub#152", "openedx-unsupported/edx-app-android#834", "doutatsu/kenmei#490")

    def recovered(self, refused: Any) -> Any:
        if self._meeting is not None and self._meeting.parties > 2:  # two callers differ by a delay of the resource
            self.meet()
        with self._lock:
            self.held = None
            return self.get_token()


class OnlyOneIsRepeated(_Meeting, _Recovering):
    """Repeats the request that renews the token; the requests that are refused meanwhile are not repeated."""

    seen_in = ("Flyrell/axios-auth-refresh#90", "badgateway/oauth2-client#80")

    by_chance = ("concurrency.late-refusal",)

    def __init__(self) -> None:
        super().__init__()
        self.renewing = threading.Lock()

    def recovered(self, refused: Any) -> Any:
        self.meet()
        if not self.renewing.acquire(blocking=False):
            return None
        try:
            with self._lock:
                if self.held is not None and self.held.grant.access_token == refused.access_token:
                    self.held = None
                return self.get_token()
        finally:
            self.renewing.release()


class RecoveredTokenDropped(_Recovering):
    """Uses the renewed token for the repeated request only, and keeps the refused one."""

    seen_in = ("cloud-gov/cg-dashboard#1241", "ordercloud-api/ordercloud-javascript-sdk#74", "openid/AppAuth-Android#309")

    def recovered(self, refused: Any) -> Any:
        with self._lock:
            old = self.held
            try:
                return self.exposed(self.renew())
            finally:
                self.held = old


class RecoveredTokenHidden(Broken):
    """Uses the renewed token for all further requests, and returns the refused one to an application that asks for it."""

    seen_in = ("damienbod/angular-auth-oidc-client#2186", "Infomaniak/android-core#75")

    reached_by = ("is_invalid_token",)

    here = threading.local()
    hidden: Any = None

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.here.sends = True
        before = self.held
        try:
            return super().request(method, url, headers, body)
        finally:
            self.here.sends = False
            if before is not None and self.held is not before and self.is_fresh(before):
                self.hidden = (self.held, self.exposed(before))

    def get_token(self) -> Any:
        token = super().get_token()
        if not getattr(self.here, "sends", False) and self.hidden is not None and self.hidden[0] is self.held:
            return self.hidden[1]
        return token


class RepeatsUntilAnotherToken(Broken):
    """Repeats a refused request as long as a renewal gives the refused token again."""

    seen_in = ("openai/codex#2699",)

    reached_by = ("is_invalid_token",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        before = self.get_token().access_token
        response = super().request(method, url, headers, body)
        while response.status == 401 and self.get_token().access_token == before:
            self.held = None
            response = super().request(method, url, headers, body)
        return response


class RecoversForEver(Broken):
    """Renews the token and repeats the request after each refusal, without end."""

    seen_in = ("bucketeer-io/bucketeer#2455", "OpenMeet-Team/openmeet-platform#414")

    reached_by = ("is_invalid_token",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        response = super().request(method, url, headers, body)
        while response.status == 401:
            self.held = None
            response = super().request(method, url, headers, body)
        return response


class CancelDropsTheRenewal(Broken):
    """Drops the response to a token request whose caller is cancelled, although the server has rotated the refresh token."""

    seen_in = ("ktorio/ktor#5193",)

    reached_by = ("cancelled",)

    dropping = False

    def cancelled(self, call: Any) -> Any:
        answer = super().cancelled(call)
        self.dropping = not call.done()
        return answer

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        if self.dropping:
            self.dropping = False
            raise transport_error("the caller was cancelled")
        return granted


class CancelFailsTheWaiting(Broken):
    """Ends the renewal with the request that started it: the requests that wait for it fail."""

    seen_in = ("mui/mui-x#22947", "HamedMP/matrix-os#1761", "DuendeArchive/IdentityModel.AspNetCore.OAuth2Introspection#193")

    reached_by = ("cancelled",)

    ended = False

    def cancelled(self, call: Any) -> Any:
        answer = super().cancelled(call)
        self.ended = not call.done()
        return answer

    def get_token(self) -> Any:
        token = super().get_token()
        if self.ended:
            raise transport_error("the renewal was cancelled")
        return token


class GoesOnWithoutToken(_Recovering):
    """Repeats the waiting requests also if the renewal has failed: with the text None in place of a token."""

    seen_in = ("newsiberian/apollo-link-token-refresh#63", "ever-co/ever-gauzy#9208")

    def recovered(self, refused: Any) -> Any:
        with self._lock:
            if self.held is not None and self.held.grant.access_token == refused.access_token:
                self.held = None
            with suppress(ClientFailure):
                return self.get_token()
        return replace(refused, access_token="None")


class FailedRecoveryIsFinal(_Recovering):
    """Never renews again after a renewal that failed: the mark that one is running stays behind."""

    seen_in = ("ktorio/ktor#3599", "Flyrell/axios-auth-refresh#14", "Canopus-Labs/PrepPilot#611")

    running = False

    def recovered(self, refused: Any) -> Any:
        with self._lock:
            if self.held is not None and self.held.grant.access_token != refused.access_token:
                return self.exposed(self.held)
            if self.running:
                raise transport_error("a renewal is running already")
            self.running = True
            renewed = self.renew()
            self.running = False
            return self.exposed(renewed)


class ResponsesSwapped(_Meeting):
    """Keeps the last response in the client, and returns that one to each caller."""

    seen_in = ("axios/axios#2282", "lelylan/simple-oauth2#88")

    reached_by = ("requests",)

    last: Any = None

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.last = super().request(method, url, headers, body)
        self.meet()
        return self.last


class LastRequestRepeated(_Meeting):
    """Keeps header fields and body of the last request in the client, and repeats a refused request with them."""

    seen_in = ("TerribleDev/OwinOAuthProviders#117",)

    reached_by = ("requests",)

    here = threading.local()
    last: Any = None

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        self.here.sent = False
        return super().request(method, url, headers, body)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Any:
        if self.here.sent:
            return super().send_with(token, method, url, *self.last)
        self.here.sent = True
        self.last = headers, body
        response = super().send_with(token, method, url, headers, body)
        self.meet()
        return response
