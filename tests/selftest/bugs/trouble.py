"""Bugs that only lasting trouble reveals, and requests that nobody asked for."""

import socket
import ssl
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.errors import transport_error
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.background import InBackground
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.raw_http import _Raw

_SHORT_LIVED = ("expires_in of at most 1 s",)


class RenewsWithoutPause(InBackground, Broken):
    """Renews in the background, and tries again without a pause whenever that fails."""

    seen_in = ("chenharryhua/nanjin#4335", "zalando/tokens#10", "kadirahq/lokka-transport-jwt-auth#3")

    reached_by = _SHORT_LIVED

    renews = False

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        if not self.renews:
            self.renews = True
            self.start_renewer(0.4, after_success=lambda _: 0.4, after_failure=lambda _: 0.0)
        return held


class LeewayFlood(InBackground, Broken):
    """Renews in the background thirty seconds before the end: at once, and for ever, if a token lives shorter than that."""

    seen_in = ("nhost/nhost#2037", "chenharryhua/nanjin#4335")

    reached_by = _SHORT_LIVED

    renews = False

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        if not self.renews:
            self.renews = True
            # The first renewal comes late enough not to disturb a scenario that counts the requests of its calls.
            self.start_renewer(
                0.3, after_success=lambda renewed: max((renewed.grant.expires_in or 3600) - 30, 0), after_failure=lambda _: 5.0
            )
        return held


class RetriesUnasked(InBackground, Broken):
    """Goes on by itself, without a pause, after its first token request has failed."""

    seen_in = ("hse-mtc/dal#92", "kadirahq/lokka-transport-jwt-auth#3")

    reached_by = ("a token request that failed",)

    retries = False

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            if self.held is None and not self.retries:
                self.retries = True
                # It begins late enough not to disturb a scenario that counts the requests of its calls.
                self.start_renewer(0.3, after_success=lambda _: None, after_failure=lambda _: 0.0)
            raise


class TimersMultiply(InBackground, Broken):
    """Starts a timer with each token, and leaves the timers of the earlier ones running."""

    seen_in = ("manfredsteyer/angular-oauth2-oidc#1358", "manfredsteyer/angular-oauth2-oidc#724")

    reached_by = _SHORT_LIVED

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        self.start_renewer(0.8 * (held.grant.expires_in or 3600), after_success=lambda _: None)
        return held


class DeadAfterTwenty(Broken):
    """Loses one of the twenty places of its pool with each failure, and has none left after the last."""

    seen_in = ("amzn/selling-partner-api-models#281", "swagger-api/swagger-codegen#7750")

    reached_by = ("a token request that failed",)

    lost = 0

    def ask(self, grant: Any) -> Any:
        if self.lost == 20:
            raise transport_error("no free connection in the pool")
        try:
            return super().ask(grant)
        except ClientFailure:
            self.lost += 1
            raise


class PoolForEachRequest(Broken):
    """Makes a pool of connections for each token request, and closes it only after a success."""

    seen_in = ("swagger-api/swagger-codegen#7750",)

    reached_by = ("a port",)

    def __init__(self) -> None:
        super().__init__()
        self.pools: list[Transport] = []

    def ask(self, grant: Any) -> Any:
        configuration, first = self._ready()
        self.transport = self.new_transport(configuration)
        self.pools.append(self.transport)
        granted = super().ask(grant)
        self.pools.remove(self.transport)
        self.transport.close()
        self.transport = first
        return granted

    def close(self) -> None:
        for pool in self.pools:
            pool.close()
        self.pools.clear()
        super().close()


class LeavesConnectionsOpen(Broken):
    """Closes a connection only after a token response: one stays open for each other response, timeout and failed handshake."""

    seen_in = ("amzn/selling-partner-api-models#281",)

    reached_by = ("a port",)

    class Exchanges(_Raw):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.opened: list[socket.socket] = []

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if any(set(value) & set("\r\n") for value in headers.values()):
                raise transport_error("a header field with a line end")
            parts = urlsplit(url)
            if parts.scheme == "https":
                self.handshake(parts.hostname or "", parts.port or 443)
            return super().send(method, url, headers, body)

        def handshake(self, host: str, port: int) -> None:
            plain = socket.create_connection((host, port), timeout=self._timeout_s)
            secured = ssl.create_default_context().wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            self.opened.append(secured)
            with suppress(OSError):
                secured.do_handshake()

        def exchanged(self, place: tuple[str, str], octets: bytes) -> tuple[bytes, bytes]:
            host, _, port = place[0].partition(":")
            connection = socket.create_connection((host, int(port)), timeout=self._timeout_s)
            self.opened.append(connection)
            connection.sendall(octets)
            data = b"".join(iter(lambda: connection.recv(65536), b""))
            head, _, content = data.partition(b"\r\n\r\n")
            return head, content

        def close(self) -> None:
            self.release()
            super().close()

        def release(self) -> None:
            for each in self.opened:
                each.close()
            self.opened.clear()

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        self._ready()[1].release()  # type: ignore[attr-defined]
        return granted


class RefusalEndsSession(Broken):
    """Discards its refresh token after every 4xx."""

    seen_in = ("decocms/studio#6122", "useindelible/indelible#70", "xorbitsai/xagent#1544")

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            if 400 <= (failure.error.http_status or 0) < 500:
                self.refresh_token = None
            raise


class EveryCodeEndsSession(Broken):
    """Discards its refresh token after every error code of the server."""

    seen_in = ("trivago/Heimdallr.swift#39", "xorbitsai/xagent#1988")

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            if failure.error.oauth_error is not None:
                self.refresh_token = None
            raise


class OtherRefusalsRepeated(Broken):
    """Repeats a refused request three times, except after invalid_grant and invalid_client."""

    seen_in = ("zalando/tokens#10",)

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        for _ in range(3):
            try:
                return super().ask(grant)
            except ClientFailure as failure:
                if failure.error.oauth_error in {None, "invalid_grant", "invalid_client"}:
                    raise
        return super().ask(grant)
