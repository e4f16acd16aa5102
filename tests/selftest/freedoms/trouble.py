"""Freedoms in lasting trouble: renewals that nobody asks for, pauses, repetitions, pools."""

from __future__ import annotations

import itertools
import time
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.errors import transport_error
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.background import InBackground
from tests.selftest.freedoms.free import Free


class RenewsInBackground(InBackground, Free):
    """Renews after half of the lifetime by itself; after a failure it waits 0.2 s, and each time twice as long."""

    reached_by = ("expires_in of at most 1 s",)

    renews = False

    def configure(self, config: Any) -> None:
        self.renews = False
        super().configure(config)

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        if not self.renews:
            self.renews = True
            half = (held.grant.expires_in or 3600) / 2
            self.start_renewer(
                half,
                after_success=lambda renewed: max((renewed.grant.expires_in or 3600) / 2, 0.2),
                after_failure=lambda failures: 0.1 * 2**failures,
            )
        return held


class BreaksTheCircuit(Free):
    """Asks nothing for eight seconds of real time after ten failures in a row; then one request decides."""

    reached_by = ("a token request that failed",)

    failures = 0
    closed_until = 0.0

    def configure(self, config: Any) -> None:
        self.failures, self.closed_until = 0, 0.0
        super().configure(config)

    def ask(self, grant: Any) -> Any:
        if time.monotonic() < self.closed_until:
            raise transport_error("the circuit is open after ten failures")
        try:
            granted = super().ask(grant)
        except ClientFailure:
            self.failures += 1
            if self.failures >= 10:
                self.closed_until = time.monotonic() + 8.0
            raise
        self.failures = 0
        return granted


class PausesAfterRateLimit(Free):
    """Asks nothing for a second of real time after 429 or 408, without a word how long it waits; then it goes on."""

    reached_by = ("a token request that failed",)

    waits_until = 0.0

    def configure(self, config: Any) -> None:
        self.waits_until = 0.0
        super().configure(config)

    def ask(self, grant: Any) -> Any:
        if time.monotonic() < self.waits_until:
            raise transport_error("the server limits the rate of requests")
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            if failure.error.http_status in {408, 429}:
                self.waits_until = time.monotonic() + 1.0
            raise


class RepeatsUnavailable(Free):
    """Makes a new request after 503 without Retry-After: twice, with a pause that doubles."""

    reached_by = ("a token request that failed",)

    def ask(self, grant: Any) -> Any:
        for pause in (0.05, 0.1):
            try:
                return super().ask(grant)
            except ClientFailure as failure:
                if failure.error.http_status != 503 or failure.error.retry_after is not None:
                    raise
                time.sleep(pause)
        return super().ask(grant)


class FivePools(Free):
    """Uses five pools of connections in turn: the connections of all of them stay open."""

    reached_by = ("a port",)

    class Exchanges(Transport):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.pools = [Transport(**settings) for _ in range(5)]
            self.turns = itertools.cycle(self.pools)

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            return next(self.turns).send(method, url, headers, body)

        def close(self) -> None:
            for pool in self.pools:
                pool.close()
            super().close()
