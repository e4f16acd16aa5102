"""A long outage: afterwards the client works again, and nothing of the failures is left open."""

from __future__ import annotations

import gc
import time

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.trouble.open_connections import open_connections
from oauth_gauntlet_scenarios.trouble.outage import FAILURES, answer_after_outage
from oauth_gauntlet_server import Port, Tenant, connection_fault, faults

_UNAVAILABLE = faults.http_status(503, "<h1>Service Unavailable</h1>", content_type="text/html")

_FIRST = 10
"""Failures before the connections are counted first: a pool is full then, and what grows later grows with each failure."""

_SETTLES_S = 2.0
"""Seconds until the server has noticed that the client has closed a connection."""

_TIMEOUTS = 4

_SILENCE_S = 4.0
"""Seconds until the server closes a silent connection: far beyond the time limit, and an end for a client that has none."""

_RUNS_DRY = practice(
    "A process may open a limited number of connections and files, often 1024, and a pool far fewer. One that stays open for "
    "each failure makes the client fail for good, long after the server works again."
)


@requirement(
    "trouble.outage-ends",
    level=INTEROP,
    basis=practice("Servers fail for hours. An application that has to be restarted afterwards extends the outage."),
    covered_by=["error.works-afterwards", "refresh.refusal-keeps"],
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    waits=True,
    statement="After thirty failures in a row the client gets a token as soon as the server gives one.",
    variants={
        "503": _UNAVAILABLE,
        "401": faults.oauth_error("invalid_client", status=401),
        "closed": faults.close_without_answer(),
    },
)
def test_outage_ends(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: thirty token requests fail; then the server answers correctly; get a token.

    Check: a token that is in force. A client that pauses after many failures gets five minutes on its clock, and a minute of
    real time in which it asks nothing; an error that says how long to wait is right too.
    """
    client.control()
    tenant.arm(variant.value)
    for _ in range(FAILURES):
        client.try_get_token()
    tenant.clear_faults()
    before = tenant.journal.last
    answer = answer_after_outage(client)
    asked = tenant.journal.count("token", since=before)
    if isinstance(answer, ErrorInfo) and answer.retry_after and not asked:
        return
    require(
        isinstance(answer, Token) and isinstance(answer.access_token, str) and tenant.active(answer.access_token),
        expected=f"a token: the server works again after {FAILURES} failures",
        seen=f"the client still fails: {described(answer)}; {asked} token requests arrived after the failures",
    )


@requirement(
    "trouble.connections-closed",
    level=INTEROP,
    basis=_RUNS_DRY,
    grants=[CLIENT_CREDENTIALS],
    statement="A failed token request leaves no connection open, except in a pool with a bound.",
    variants={
        "503": _UNAVAILABLE,
        "400": faults.oauth_error("invalid_request"),
        "not-json": faults.http_status(200, "<h1>Maintenance</h1>", content_type="text/html"),
        "cut": faults.fault("truncate", octets=40),
        "handshake": None,
    },
)
def test_connections_closed(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: thirty token requests fail: 503, 400, no JSON, a response that is cut off, a TLS handshake that fails.

    Check: from the tenth failure to the thirtieth at most ten more connections are open. On Linux a connection counts until
    the client has closed it, elsewhere until either side has.
    """
    client.control()
    port = ports.open(connection_fault("plain_on_tls") if variant.value is None else None)
    if variant.value is not None:
        tenant.arm(variant.value)
    client.configure(token_url=port.url_of(tenant))
    for _ in range(_FIRST):
        client.try_get_token()
    before = open_connections(port)
    for _ in range(FAILURES - _FIRST):
        client.try_get_token()
    _require_attempts(tenant, port)
    more = FAILURES - _FIRST
    grown = _grown(port, before, more // 2)
    require(
        grown <= more // 2,
        expected=f"no more open connections after {FAILURES} failures than after {_FIRST}",
        seen=f"the client leaves connections open: {grown} more after {more} more failures ({variant.name})",
    )


@requirement(
    "trouble.timeouts-closed",
    level=INTEROP,
    basis=_RUNS_DRY,
    grants=[CLIENT_CREDENTIALS],
    parameters=["timeout"],
    waits=True,
    covered_by=["trouble.connections-closed"],
    statement="A token request that has timed out leaves no connection open.",
)
def test_timeouts_closed(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the time limit is one second, and the server accepts and stays silent; get a token four times.

    Check: after the fourth failure at most one more connection is open than after the first.
    """
    client.control()
    port = ports.open(connection_fault("silent_accept", seconds=_SILENCE_S))
    client.configure(token_url=port.url_of(tenant), timeout=1.0)
    client.try_get_token()
    _grown(port, 0, 0)
    before = open_connections(port)
    for _ in range(_TIMEOUTS - 1):
        client.try_get_token()
    _require_attempts(tenant, port)
    grown = _grown(port, before, 1)
    require(
        grown <= 1,
        expected=f"no more open connections after {_TIMEOUTS} timeouts than after the first",
        seen=f"the client leaves connections open: {grown} more after {_TIMEOUTS - 1} more timeouts",
    )


def _require_attempts(tenant: Tenant, port: Port) -> None:
    """Show that more than one attempt arrived: one alone cannot let anything grow.

    Raises:
        Untestable: one arrived, or none.
    """
    attempts = max(tenant.journal.count("token"), port.count)
    if attempts < 2:
        untestable(f"the client was asked many times, and {attempts} of its requests arrived")


def _grown(port: Port, before: int, most: int) -> int:
    """Return how many more connections than `before` are open, as soon as it is at most `most`, or after some seconds."""
    ends = time.monotonic() + _SETTLES_S
    while (grown := open_connections(port) - before) > most and time.monotonic() < ends:
        # What a client in this process has dropped, and Python not yet collected, is no leak.
        gc.collect()
        time.sleep(0.02)
    return grown
