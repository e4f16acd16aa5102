"""Certificates of the protected resource."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet.requirement import MUST, Variant, quote, requirement
from oauth_gauntlet_scenarios.tls.refusal import PARAMETERS, require_nothing_sent
from oauth_gauntlet_server import Certificate, Tenant, connection_fault

_CAPABILITIES = ["resource", "tls"]


def _require_refused_at_resource(client: LabClient, tenant: Tenant, ports: Ports, certificate: str) -> None:
    """Require that a token is not sent to a resource with this certificate, but to one with a good certificate."""
    client.configure(ca_file=ports.ca_file)
    good = client.try_request(ports.open(tls=Certificate.TRUSTED).url_of(tenant, "resource"))
    if not isinstance(good, ResourceResponse) or good.status != 200:
        untestable(f"the client gets nothing from a resource with a good certificate: {described(good)}")
    sent = tenant.journal.count("resource")
    port = ports.open(connection_fault("tls_certificate", certificate=certificate), tls=True)
    answer = client.try_request(port.url_of(tenant, "resource"))
    require_nothing_sent(answer, tenant.journal.count("resource") - sent, "a resource that is not authenticated")


@requirement(
    "tls.resource-chain",
    level=MUST,
    basis=quote(
        "RFC 6750 5.3",
        "The client MUST validate the TLS certificate chain when making requests to protected resources.",
    ),
    statement="The token is not sent to a resource whose certificate chain is not valid.",
    variants=["untrusted_authority", "self_signed", "expired", "not_yet_valid"],
    parameters=PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_resource_chain(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: get a token, and ask an https resource for an answer; then one with such a certificate.

    Check: the second request does not arrive, and the client reports an error.
    """
    _require_refused_at_resource(client, tenant, ports, variant.name)


@requirement(
    "tls.resource-host",
    level=MUST,
    basis=quote(
        "RFC 6750 5.2",
        "when presenting the token to a resource server, the client MUST verify the identity of that resource server",
    ),
    statement="The token is not sent to a resource whose certificate is for another host.",
    parameters=PARAMETERS,
    capabilities=_CAPABILITIES,
)
def test_resource_host(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: get a token, and ask an https resource for an answer; then one with a certificate for another host.

    Check: the second request does not arrive, and the client reports an error.
    """
    _require_refused_at_resource(client, tenant, ports, "wrong_host")
