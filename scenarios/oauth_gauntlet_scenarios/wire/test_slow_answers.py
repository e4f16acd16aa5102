"""Slow and missing answers: the client waits, and its time limit ends the wait."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.lab.stopwatch import require_in_time, timed
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, JWT_BEARER, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault

_LIMIT_S = 1.0
"""The time limit that is configured, in seconds."""

_SILENCE_S = 9.0
"""Seconds until the server closes a silent connection: an end for a client without a time limit."""

_NO_END = practice("A server or a firewall that stays silent must not block an application for ever.")


@requirement(
    "wire.slow",
    waits=True,
    level=INTEROP,
    basis=practice("Token endpoints that hash passwords, query a directory or start cold take half a second and more."),
    statement="The client waits for a response that takes half a second.",
)
def test_slow(client: LabClient, tenant: Tenant) -> None:
    """Do: the response comes after half a second.

    Check: the application gets the token, after one request.
    """
    client.control()
    tenant.arm(faults.delay(0.5))
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


@requirement(
    "wire.silence",
    waits=True,
    level=INTEROP,
    basis=_NO_END,
    parameters=["timeout"],
    statement="Without a response the configured time limit ends the request.",
    variants=["after-request", "after-accept"],
)
def test_silence(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: after a good exchange the time limit is one second, and the server stays silent.

    Check: a documented error; no attempt waits for more than five seconds after the request or the connection arrived.
    """
    client.control()
    if variant.name == "after-request":
        port = ports.open()
        tenant.arm(faults.fault("silence", seconds=_SILENCE_S))
    else:
        port = ports.open(connection_fault("silent_accept", seconds=_SILENCE_S))
    answer, waited_s = timed(lambda: client.obtain(token_url=port.url_of(tenant), timeout=_LIMIT_S), port)
    require_in_time(answer, waited_s, limit_s=_LIMIT_S)
    require_error(answer)


# A limit for each read is common practice; an application needs a limit for the whole exchange.
@requirement(
    "wire.drip",
    waits=True,
    level=INTEROP,
    basis=_NO_END,
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN, JWT_BEARER],
    parameters=["timeout"],
    statement="A slowly dripping response does not keep the client waiting far beyond its time limit.",
)
def test_drip(client: LabClient, tenant: Tenant) -> None:
    """Do: after a good exchange the time limit is one second; the response comes in pieces for four seconds.

    Check: an error before its end.
    """
    client.control()
    tenant.arm(faults.fault("drip", octets=10, interval_s=0.13))
    answer = client.obtain(timeout=_LIMIT_S)
    require(
        isinstance(answer, ErrorInfo),
        expected="an end of the exchange after about one second",
        seen=f"the client waited for the whole response: {described(answer)}",
    )
    documented(answer)
