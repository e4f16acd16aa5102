"""TLS: which servers the client trusts, and that it sends nothing to others."""

from __future__ import annotations

import time

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import INTEROP, MUST, SHOULD, Variant, requirement
from oauth_gauntlet_server import Certificate, ConnectionFault, Tenant, connection_fault

_PARAMETERS, _CAPABILITIES = ["ca_file"], ["tls"]


@requirement(
    "tls.trusted-works",
    level=INTEROP,
    source="practice",
    statement="The client gets a token over TLS from a server with a valid certificate.",
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_trusted_works(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: configure an https token URL, and its authority as ca_file.

    Check: the application gets the token, over TLS.
    """
    port = ports.open(tls=Certificate.TRUSTED)
    client.configure(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    client.get_token()
    require(port.count > 0, expected="a connection to the https URL", seen="no connection")


def _refused(client: LabClient, tenant: Tenant, ports: Ports, fault: ConnectionFault) -> None:
    """Require that the client sends no request to a server with this fault, and reports an error."""
    port = ports.open(fault, tls=True)
    answer = client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    require(
        tenant.journal.count() == 0,
        expected="no request to a server that is not authenticated",
        seen=f"the token request was sent; the client reported {described(answer)}",
    )
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    advise(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
    )


# RFC 6749 §10.9: "The client MUST validate the authorization server's TLS certificate as defined by [RFC6125]
# when making requests"; RFC 5280 §6.1: a complete path to a trust anchor.
@requirement(
    "tls.untrusted",
    level=MUST,
    source="RFC 6749 10.9, RFC 5280 6.1",
    statement="A certificate that no trusted authority issued is refused before anything is sent.",
    variants=["untrusted_authority", "incomplete_chain"],
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_untrusted(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    _refused(client, tenant, ports, connection_fault("tls_certificate", certificate=variant.name))


# RFC 9110 §4.3.4: "If the certificate is not valid for the target URI's origin, a user agent MUST either
# obtain confirmation from the user before proceeding or terminate the connection". A client without a user
# terminates.
@requirement(
    "tls.self-signed",
    level=MUST,
    source="RFC 6749 10.9, RFC 9110 4.3.4",
    statement="A self-signed certificate is refused before anything is sent.",
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_self_signed(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    _refused(client, tenant, ports, connection_fault("tls_certificate", certificate="self_signed"))


# RFC 5280 §6.1.3 (a)(2): "The certificate validity period includes the current time."
@requirement(
    "tls.expired",
    level=MUST,
    source="RFC 5280 6.1.3, RFC 6749 10.9",
    statement="A certificate outside its validity period is refused before anything is sent.",
    variants=["expired", "not_yet_valid"],
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_expired(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    _refused(client, tenant, ports, connection_fault("tls_certificate", certificate=variant.name))


# RFC 9110 §4.3.4: "the client MUST verify the service identity" against the URI's host.
@requirement(
    "tls.wrong-host",
    level=MUST,
    source="RFC 9110 4.3.4, RFC 6749 10.9",
    statement="A certificate for another host is refused before anything is sent.",
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_wrong_host(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    _refused(client, tenant, ports, connection_fault("tls_certificate", certificate="wrong_host"))


# RFC 9325 §3.1.1: "Implementations MUST NOT negotiate TLS version 1.0" and 1.1. It binds those that claim to
# follow it.
@requirement(
    "tls.old-protocol",
    level=SHOULD,
    source="RFC 9325 3.1.1",
    statement="The client does not use TLS 1.0 and 1.1.",
    variants={"1.0": "1.0", "1.1": "1.1"},
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_old_protocol(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server supports an old version only.

    Check: no request arrives, and the client reports an error.
    """
    _refused(client, tenant, ports, connection_fault("tls_version", version=variant.value))


@requirement(
    "tls.handshake-trouble",
    level=INTEROP,
    source="practice",
    statement="A handshake that fails gives an error that the client documents.",
    variants=["plain_on_tls", "tls_reset_in_handshake", "accept_and_close"],
    parameters=_PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_handshake_trouble(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: at the https URL there is plain HTTP, a reset or a closed connection.

    Check: no request arrives; an error.
    """
    _refused(client, tenant, ports, connection_fault(variant.name))


@requirement(
    "tls.handshake-stall",
    waits=True,
    level=INTEROP,
    source="practice",
    statement="A handshake that stalls ends with the configured time limit.",
    parameters=["ca_file", "timeout"],
    capabilities=["tls"],
)
def test_handshake_stall(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the time limit is one second; the server does not answer the handshake for 9 s.

    Check: an error within 8 s.
    """
    port = ports.open(connection_fault("tls_handshake_stall", seconds=9.0), tls=True)
    began = time.monotonic()
    answer = client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file, timeout=1.0)
    lasted = time.monotonic() - began
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    require(lasted < 8, expected="an end after about one second", seen=f"it took {lasted:.1f} s")
