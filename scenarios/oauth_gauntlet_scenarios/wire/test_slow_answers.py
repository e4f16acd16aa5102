"""Slow and missing answers: the client waits, and its time limit ends the wait.

The time of a client counts from what arrives at the server, after a good exchange of the same process: what a platform
needs to start, or to load its classes at the first request, is no time of the client.
"""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, JWT_BEARER, REFRESH_TOKEN, Variant, practice, requirement
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault

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

    Check: a documented error within eight seconds after the request or the connection arrived.
    """
    client.control()
    port = None if variant.name == "after-request" else ports.open(connection_fault("silent_accept", seconds=9.0))
    if port is None:
        tenant.arm(faults.fault("silence", seconds=9.0))
    answer = client.obtain(token_url=tenant.token_url if port is None else port.url_of(tenant), timeout=1.0)
    ended = tenant.clock.now()
    arrived = (
        [exchange.received_at for exchange in tenant.journal.exchanges("token")]
        if port is None
        else [record.accepted_at for record in port.connections]
    )
    if not arrived:
        untestable(f"nothing arrived at the server; the client reported {described(answer)}")
    require_error(answer)
    lasted = ended - arrived[0]
    require(lasted < 8, expected="an end after about one second", seen=f"it took {lasted:.1f} s from the request to the error")


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
    answer = client.obtain(timeout=1.0)
    require(
        isinstance(answer, ErrorInfo),
        expected="an end of the exchange after about one second",
        seen=f"the client waited for the whole response: {described(answer)}",
    )
    documented(answer)
