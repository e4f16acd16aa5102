"""Slow and missing answers: the client waits, and its time limit ends the wait."""

from __future__ import annotations

import time

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, JWT_BEARER, REFRESH_TOKEN, Variant, requirement
from oauth_gauntlet_scenarios.wire.failure import require_error
from oauth_gauntlet_server import Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault


@requirement(
    "wire.slow",
    waits=True,
    level=INTEROP,
    source="practice",
    statement="The client waits for a response that takes half a second.",
)
def test_slow(client: LabClient, tenant: Tenant) -> None:
    """Do: the response comes after half a second.

    Check: the application gets the token, after one request.
    """
    tenant.arm(faults.delay(0.5))
    client.get_token()
    count = tenant.journal.count("token")
    require(count == 1, expected="one token request", seen=f"{count} token requests")


@requirement(
    "wire.silence",
    waits=True,
    level=INTEROP,
    source="practice",
    parameters=["timeout"],
    statement="Without a response the configured time limit ends the request.",
    variants=["after-request", "after-accept"],
)
def test_silence(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the time limit is one second; the server stays silent.

    Check: a documented error within eight seconds.
    """
    url = tenant.token_url
    if variant.name == "after-request":
        tenant.arm(faults.fault("silence", seconds=9.0))
    else:
        url = ports.open(connection_fault("silent_accept", seconds=9.0)).url_of(tenant)
    began = time.monotonic()
    answer = client.obtain(token_url=url, timeout=1.0)
    lasted = time.monotonic() - began
    require_error(answer)
    require(lasted < 8, expected="an end after about one second", seen=f"it took {lasted:.1f} s")


# A limit for each read is common practice; an application needs a limit for the whole exchange.
@requirement(
    "wire.drip",
    waits=True,
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN, JWT_BEARER],
    parameters=["timeout"],
    statement="A slowly dripping response does not keep the client waiting far beyond its time limit.",
)
def test_drip(client: LabClient, tenant: Tenant) -> None:
    """Do: the time limit is one second; the response comes in pieces for four seconds.

    Check: an error before its end.
    """
    tenant.arm(faults.fault("drip", octets=10, interval_s=0.13))
    answer = client.obtain(timeout=1.0)
    require(
        isinstance(answer, ErrorInfo),
        expected="an end of the exchange after about one second",
        seen=f"the client waited for the whole response: {described(answer)}",
    )
    documented(answer)
