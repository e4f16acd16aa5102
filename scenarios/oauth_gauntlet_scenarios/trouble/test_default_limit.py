"""A server that never answers, and no configured time limit: the client gives up by itself."""

from __future__ import annotations

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described, documented
from oauth_gauntlet.lab.stopwatch import timed
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import CLIENT_CREDENTIALS, INTEROP, practice, requirement
from oauth_gauntlet_server import Tenant, connection_fault

# Defaults of HTTP libraries: OkHttp 10 s, openid-client 30 s, Ruby 60 s, .NET 100 s, libwww-perl 180 s, Node's fetch 300 s.
MOST_S = 310.0
"""The seconds after which the server ends its silence: more than any default time limit in use."""

_REST_S = 300.0
"""Seconds for what the client does after its first attempt."""


@requirement(
    "trouble.default-limit",
    level=INTEROP,
    basis=practice(
        "HTTP libraries of many languages have no time limit unless one is set. A server or firewall that stays silent then "
        "blocks the application for ever."
    ),
    covered_by=["wire.silence"],
    grants=[CLIENT_CREDENTIALS],
    waits=True,
    thorough=True,
    platform=True,
    statement="Without a configured time limit the client gives up by itself when the server stays silent.",
)
def test_default_limit(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: no time limit is configured; the server accepts the connection, and stays silent for 310 seconds.

    Check: the client closes the connection before that; then a token by another attempt, or a documented error.
    """
    client.control()
    # A client that tries again is answered then: only its first attempt is judged.
    port = ports.open(connection_fault("silent_accept", seconds=MOST_S, times=1))
    with client.allowing(MOST_S + _REST_S):
        answer, waited_s = timed(lambda: client.obtain(token_url=port.url_of(tenant)), port)
    if not waited_s:
        untestable(f"no connection arrived at the server; the client reported {described(answer)}")
    require(
        waited_s[0] < MOST_S,
        expected="an end by the client's own default time limit",
        seen=f"the client has no time limit by default: it waited until the server closed the connection after {MOST_S:g} s",
    )
    documented(answer)
