"""Handshakes with the token endpoint that are old, fail or stall."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.lab.stopwatch import require_in_time, timed
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet.requirement import INTEROP, Variant, practice, requirement
from oauth_gauntlet_scenarios.tls.refusal import CAPABILITIES, PARAMETERS, require_refused
from oauth_gauntlet_server import Certificate, Tenant, connection_fault


# No level higher: RFC 9325 binds those that claim to follow it, and RFC 6749 1.6 leaves the version open.
# The TLS library of the platform decides its oldest version. Whom a certificate authenticates is another matter: every
# platform checks that, so a client that does not has turned it off itself.
@requirement(
    "tls.old-protocol",
    level=INTEROP,
    basis=practice(
        "RFC 9325 says that TLS 1.0 and 1.1 MUST NOT be negotiated, and browsers have removed them: they are broken."
    ),
    statement="The client does not use TLS 1.0 and 1.1.",
    variants={"1.0": "1.0", "1.1": "1.1"},
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
    platform=True,
)
def test_old_protocol(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server supports an old version only.

    Check: no request arrives, and the client reports an error.
    """
    require_refused(client, tenant, ports, connection_fault("tls_version", version=variant.value))


@requirement(
    "tls.handshake-trouble",
    level=INTEROP,
    basis=practice(
        "Load balancers reset handshakes or speak plain HTTP, and an application can only handle documented errors."
    ),
    statement="A handshake that fails gives an error that the client documents.",
    variants=["plain_on_tls", "tls_reset_in_handshake", "accept_and_close"],
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_handshake_trouble(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: at the https URL there is plain HTTP, a reset or a closed connection.

    Check: no request arrives; an error.
    """
    require_refused(client, tenant, ports, connection_fault(variant.name))


@requirement(
    "tls.handshake-stall",
    waits=True,
    level=INTEROP,
    basis=practice("A handshake without an end blocks a client whose time limit covers only the response."),
    statement="A handshake that stalls ends with the configured time limit.",
    parameters=["ca_file", "timeout"],
    capabilities=["tls"],
)
def test_handshake_stall(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: after a good exchange the time limit is one second; the server does not answer the handshake for 9 s.

    Check: an error; no attempt waits for more than five seconds after its connection arrived.
    """
    client.control(token_url=ports.open(tls=Certificate.TRUSTED).url_of, ca_file=ports.ca_file)
    port = ports.open(connection_fault("tls_handshake_stall", seconds=9.0), tls=True)
    limit_s = 1.0
    answer, waited_s = timed(lambda: client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file, timeout=limit_s), port)
    require_in_time(answer, waited_s, limit_s=limit_s)
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
