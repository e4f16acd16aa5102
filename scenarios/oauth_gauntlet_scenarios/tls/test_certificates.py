"""Certificates of the token endpoint."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.requirement import EXPIRY, INTEROP, MUST, REFRESH, Variant, practice, quote, requirement
from oauth_gauntlet_scenarios.tls.refusal import CAPABILITIES, PARAMETERS, require_refused
from oauth_gauntlet_server import Certificate, Tenant, connection_fault

# RFC 9110 4.3.4 says of automated clients without OAuth only that they "SHOULD terminate the connection".
_VALIDATE = quote(
    "RFC 6749 10.9",
    "The client MUST validate the authorization server's TLS certificate as defined by [RFC6125] and in accordance with its "
    "requirements for server identity authentication.",
)


@requirement(
    "tls.trusted-works",
    level=INTEROP,
    basis=practice("Token endpoints are https; their certificate may come from an authority of the company."),
    statement="The client gets a token over TLS from a server with a valid certificate.",
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_trusted_works(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: configure an https token URL, and its authority as ca_file.

    Check: the application gets the token, over TLS.
    """
    port = ports.open(tls=Certificate.TRUSTED)
    client.configure(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    client.get_token()
    require(port.count > 0, expected="a connection to the https URL", seen="no connection")


# A client may download a missing intermediate certificate. Here it cannot: the certificate does not say where (no Authority
# Information Access), and no client has seen it before.
@requirement(
    "tls.untrusted",
    level=MUST,
    basis=_VALIDATE,
    renewals=[EXPIRY, REFRESH],
    renewal_variants=["untrusted_authority"],
    statement="A certificate that no trusted authority issued is refused before anything is sent.",
    variants=["untrusted_authority", "incomplete_chain"],
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_untrusted(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    require_refused(client, tenant, ports, connection_fault("tls_certificate", certificate=variant.name))


@requirement(
    "tls.self-signed",
    level=MUST,
    basis=_VALIDATE,
    statement="A self-signed certificate is refused before anything is sent.",
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_self_signed(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    require_refused(client, tenant, ports, connection_fault("tls_certificate", certificate="self_signed"))


@requirement(
    "tls.expired",
    level=MUST,
    basis=_VALIDATE,
    renewals=[EXPIRY, REFRESH],
    renewal_variants=["expired"],
    statement="A certificate outside its validity period is refused before anything is sent.",
    variants=["expired", "not_yet_valid"],
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_expired(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    require_refused(client, tenant, ports, connection_fault("tls_certificate", certificate=variant.name))


@requirement(
    "tls.wrong-host",
    level=MUST,
    basis=[
        _VALIDATE,
        quote(
            "RFC 9110 4.3.4",
            "a client MUST verify that the service's identity is an acceptable match for the URI's origin server.",
        ),
    ],
    renewals=[EXPIRY, REFRESH],
    statement="A certificate for another host is refused before anything is sent.",
    parameters=PARAMETERS,
    capabilities=CAPABILITIES,
)
def test_wrong_host(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: the server sends such a certificate. Check: no request arrives, and the client reports an error."""
    require_refused(client, tenant, ports, connection_fault("tls_certificate", certificate="wrong_host"))
