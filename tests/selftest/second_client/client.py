"""The client: it requests a token, caches and renews it, and sends resource requests. It runs on one event loop."""

import asyncio
import base64
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from yarl import URL

from tests.selftest.second_client import assertion, grammar
from tests.selftest.second_client.answer import Grant, read_grant
from tests.selftest.second_client.failures import AnswerRefused, ConfigurationRefused, ServerRefused
from tests.selftest.second_client.form import CONTENT_TYPE, escaped, form
from tests.selftest.second_client.settings import BASIC, JWT_BEARER, PASSWORD, POST, REFRESH, Settings
from tests.selftest.second_client.transport import Response, Transport

REDIRECTS = 3
_TELEMETRY = {"second_client.language": "python"}
"""Freedom: a server ignores unknown parameters (RFC 6749 3.2); published clients send their version in one."""
_TOKEN_FIELDS = {
    # Freedom: field names are case-insensitive (RFC 9110 5.1).
    "content-type": CONTENT_TYPE,
    # Freedom: a range with a quality below one, which includes application/json (RFC 9110 12.5.1).
    "accept": "application/*;q=0.7",
}


@dataclass(frozen=True, kw_only=True)
class Token:
    """An access token. Times are in seconds since 1970 on the client's clock; `expires_at` is None if it is not known.

    Freedom: the lifetime counts from the start of the request, so that it ends too early rather than too late.
    """

    access_token: str = field(repr=False)
    asked_at: float
    expires_at: float | None
    refresh_token: str | None = field(repr=False)
    scope: str | None

    def is_good(self, now: float) -> bool:
        """Check whether it is certainly valid. Freedom: a token of unknown lifetime, or from the future, is not."""
        return self.expires_at is not None and self.asked_at <= now < self.expires_at

    def is_due(self, now: float) -> bool:
        """Check whether to renew it while it is valid. Freedom: that is the last sixth of its lifetime, however long it is."""
        return self.expires_at is None or now >= self.asked_at + (self.expires_at - self.asked_at) * 5 / 6


class Client:
    """An OAuth 2.0 client with one configuration. Its `repr` contains no secret."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._now = now
        self._transport = Transport(settings.tls, settings.timeout)
        self._refresh_token = settings.refresh_token if settings.grant == REFRESH else None
        self._held: Token | None = None
        self._scope = settings.scope or None
        self._flight: asyncio.Task[Token] | None = None
        self._early: asyncio.Task[Token] | None = None
        self._ended: ServerRefused | None = None

    def __repr__(self) -> str:
        return f"Client({self._settings!r}, holds={self._held!r})"

    @property
    def held(self) -> Token | None:
        """The cached token, valid or not."""
        return self._held

    async def close(self) -> None:
        """Cancel running requests, and close the connections."""
        for task in self._running():
            task.cancel()
            await asyncio.wait({task})
        await self._transport.close()

    async def token(self) -> Token:
        """Return the cached token, or a new one.

        Raises:
            Failure: the token request failed.
        """
        if self._early is not None and not (self._held is not None and self._held.is_good(self._now())):
            await asyncio.wait({self._early})
        if self._held is not None and self._held.is_good(self._now()):
            # Freedom: a token that is due is renewed in the background; the caller neither waits nor sees a failure.
            if self._held.is_due(self._now()) and not self._running():
                self._early = _started(self._obtain())
            return self._held
        return await self._in_one_flight(self._obtain)

    async def refresh(self) -> Token:
        """Exchange the refresh token.

        Raises:
            ConfigurationRefused: the client has no refresh token.
            Failure: the exchange failed.
        """
        while tasks := self._running():
            await asyncio.wait(tasks)
        if self._refresh_token is None:
            raise ConfigurationRefused("refresh_token: missing, nothing to exchange")
        return await self._in_one_flight(self._renew)

    async def request(self, method: str, url: str, headers: Mapping[str, str], content: bytes | None) -> Response:
        """Send a request with the token; if the resource returns invalid_token, renew once and repeat (RFC 6750 3.1).

        Raises:
            Failure: no token or no response was received.
        """
        where = URL(url)
        if where.scheme != "https" and not (self._settings.allow_http and where.scheme == "http"):
            raise ConfigurationRefused("url: expected https, because the request contains a token (RFC 6750 5.3)")
        token = await self.token()
        response = await self._with_token(token, method, where, headers, content)
        if response.status == 401 and _reports_invalid_token(response):
            if self._held is token:
                self._held = None
            token = await self.token()
            response = await self._with_token(token, method, where, headers, content)
        return response

    async def _with_token(
        self, token: Token, method: str, url: URL, headers: Mapping[str, str], content: bytes | None
    ) -> Response:
        if grammar.B64TOKEN.fullmatch(token.access_token) is None:
            raise AnswerRefused("access_token: does not match the grammar of a Bearer token in a header field (RFC 6750 2.1)")
        own = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        # Freedom: one or more spaces follow the scheme (RFC 9110 11.4; RFC 6750 2.1).
        sent = {**own, "authorization": f"Bearer  {token.access_token}"}
        response = await self._transport.exchange(method, url, sent, content)
        for _ in range(REDIRECTS):
            # Freedom: a GET follows redirects to any origin, but the token is sent only to the first origin.
            if method.upper() not in ("GET", "HEAD") or (target := _redirect(response, url)) is None:
                break
            if target.origin() != url.origin():
                sent = own
            url = target
            response = await self._transport.exchange(method, url, sent, content)
        return response

    def _running(self) -> set[asyncio.Task[Token]]:
        return {task for task in (self._flight, self._early) if task is not None and not task.done()}

    async def _in_one_flight(self, work: Callable[[], Coroutine[Any, Any, Token]]) -> Token:
        """Join the running request or start one. The shield: a cancelled caller must not cancel the work of the others."""
        if self._flight is None or self._flight.done():
            self._flight = _started(work())
        return await asyncio.shield(self._flight)

    async def _obtain(self) -> Token:
        settings = self._settings
        if self._ended is not None:
            # Freedom: after invalid_grant the client sends no further request; that error is final (RFC 6749 5.2).
            raise self._ended
        if self._refresh_token is not None:
            try:
                return await self._renew()
            except ServerRefused as refused:
                if settings.grant == REFRESH or refused.code != "invalid_grant":
                    raise
        if settings.grant == PASSWORD:
            parameters = {"username": settings.username, "password": settings.password}
        elif settings.grant == JWT_BEARER:
            claims = assertion.claims(settings.issuer, settings.subject, settings.audience, self._now())
            assert settings.signer is not None
            parameters = {"assertion": settings.signer.sign(claims)}
        else:
            parameters = {}
        asked_at = self._now()
        granted = await self._ask({"grant_type": settings.grant, "scope": self._asked_scope, **parameters})
        # Refresh tokens belong to grants with a session (RFC 6749 4.4.3: client_credentials has none).
        return self._keep(granted, asked_at, settings.scope or None, follow=settings.grant == PASSWORD)

    async def _renew(self) -> Token:
        assert self._refresh_token is not None
        # The scope of a password session is the granted one; omitting it requests exactly that (RFC 6749 6).
        scope = self._asked_scope if self._settings.grant == REFRESH else ""
        asked_at = self._now()
        try:
            granted = await self._ask({"grant_type": REFRESH, "refresh_token": self._refresh_token, "scope": scope})
        except ServerRefused as refused:
            if refused.code == "invalid_grant" and refused.status < 500:
                self._refresh_token = None
                self._ended = refused if self._settings.grant == REFRESH else None
            raise
        return self._keep(granted, asked_at, scope or self._scope, follow=True)

    def _keep(self, granted: Grant, asked_at: float, scope: str | None, *, follow: bool) -> Token:
        if follow and granted.refresh_token is not None:
            self._refresh_token = granted.refresh_token
        # A response without scope has the scope of the request (RFC 6749 5.1).
        self._scope = granted.scope or scope
        self._held = Token(
            access_token=granted.access_token,
            asked_at=asked_at,
            expires_at=None if granted.lifetime is None else asked_at + granted.lifetime,
            refresh_token=self._refresh_token,
            scope=self._scope,
        )
        return self._held

    @property
    def _asked_scope(self) -> str:
        """Freedom: the order of scope tokens does not matter (RFC 6749 3.3)."""
        return " ".join(sorted(self._settings.scope.split(" "), reverse=True))

    async def _ask(self, parameters: Mapping[str, str]) -> Grant:
        settings = self._settings
        fields = dict(_TOKEN_FIELDS)
        sent = {**_TELEMETRY, **settings.payload, **parameters}
        if settings.auth is not None:
            # Freedom: a client may send client_id with any way of authentication (RFC 6749 3.2.1).
            sent["client_id"] = settings.client_id
        if settings.auth == BASIC:
            pair = f"{escaped(settings.client_id)}:{escaped(settings.client_secret)}"
            # Freedom: the scheme is case-insensitive, with any number of spaces after it (RFC 9110 11.1, 11.4).
            fields["authorization"] = f"BASIC  {base64.b64encode(pair.encode('ascii')).decode('ascii')}"
        elif settings.auth == POST:
            sent["client_secret"] = settings.client_secret
        url, body = settings.token_url, form([*sent.items(), *(("resource", each) for each in settings.resources)])
        for _ in range(REDIRECTS):
            response = await self._transport.exchange("POST", url, fields, body)
            # Freedom: it follows only redirects that keep method and body, and only to the same origin.
            target = _redirect(response, url) if response.status in (307, 308) else None
            if target is None or target.origin() != url.origin():
                return read_grant(response.status, response.headers, response.content)
            url = target
        raise AnswerRefused(f"the token endpoint redirected {REDIRECTS} times", response.status)


def _started(work: Coroutine[Any, Any, Token]) -> asyncio.Task[Token]:
    """Return a task. Its exception is always retrieved: otherwise asyncio logs it if no caller waits any more."""
    task = asyncio.create_task(work)
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    return task


def _reports_invalid_token(response: Response) -> bool:
    field = ", ".join(response.headers.getall("WWW-Authenticate", []))
    return any(scheme == "bearer" and given.get("error") == "invalid_token" for scheme, given in grammar.challenges(field))


def _redirect(response: Response, url: URL) -> URL | None:
    place = response.headers.get("Location")
    if response.status not in (301, 302, 303, 307, 308) or place is None:
        return None
    try:
        target = url.join(URL(place, encoded=True)).with_fragment(None)
        return target if target.scheme in ("http", "https") and target.host and target.raw_user is None else None
    except ValueError:
        return None
