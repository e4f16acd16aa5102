"""The issuer identifier: where its metadata is, whose metadata it is, and who answers for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlsplit

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import JSON, ErrorInfo, Token
from oauth_gauntlet.requirement import MUST, UNSAFE, Variant, damage, practice, quote, requirement
from oauth_gauntlet_scenarios.metadata.issuer import NEEDED, accepted_paths, obtain_by_issuer, show_control
from oauth_gauntlet_scenarios.wire.failure import require_no_token
from oauth_gauntlet_server import Port, Tenant, faults
from oauth_gauntlet_server.listening.connection_faults import connection_fault

_OTHER_URLS = {"jwks_uri": "jwks", "introspection_endpoint": "introspect", "revocation_endpoint": "revoke"}
"""The members of the metadata with a URL, besides the token endpoint, and the endpoints there."""


# A client that asks at several places is right if one of them is the right one.
@requirement(
    "metadata.location",
    level=MUST,
    basis=[
        quote(
            "RFC 8414 3.1",
            'If the issuer identifier value contains a path component, any terminating "/" MUST be removed before inserting '
            '"/.well-known/" and the well-known URI suffix between the host component and the path component.',
        ),
        quote(
            "RFC 8414 3.1",
            'An authorization server metadata document MUST be queried using an HTTP "GET" request at the previously '
            "specified path.",
        ),
        practice("Clients of OpenID Connect append /.well-known/openid-configuration to the issuer; that is accepted too."),
    ],
    statement="The client asks for the metadata by GET, with the well-known path between the issuer's host and its path.",
    parameters=NEEDED,
    variants={"path": "", "trailing-slash": "/"},
)
def test_location(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: configure an issuer with a path, with or without a slash at its end.

    Check: a GET request for the metadata at one of the right places. A client that refuses the issuer is not judged.
    """
    client.control()
    # A request without the issuer's path names no tenant, so no journal has it; the port counts its connection.
    port = ports.open()
    answer = obtain_by_issuer(client, f"{port.url_of(tenant, 'issuer')}{variant.value}")
    if isinstance(answer, ErrorInfo) and port.count == 0:
        untestable(f"the client takes no such issuer: it reported {described(answer)}")
    right = accepted_paths(tenant)
    asked = [request for request in tenant.journal.requests() if request.method == "GET"]
    require(
        any(request.path in right for request in asked),
        expected=f"a GET request for {right[0]}",
        seen=", ".join(f"GET {request.path}" for request in asked) or "a connection, and no request below the issuer's path",
        mark=Mark(text=asked[0].target, exchange=0) if asked else None,
    )


def _another_port(tenant: Tenant) -> str:
    parts = urlsplit(tenant.issuer)
    return tenant.issuer.replace(f":{parts.port}", f":{(parts.port or 0) % 65_535 + 1}")


_ISSUERS: dict[str, Callable[[Tenant], JSON]] = {
    "other-host": lambda tenant: f"https://other.example{urlsplit(tenant.issuer).path}",
    "other-port": _another_port,
    "other-path": lambda tenant: f"{tenant.issuer}/more",
    "no-path": lambda tenant: tenant.issuer.removesuffix(urlsplit(tenant.issuer).path),
    "trailing-slash": lambda tenant: f"{tenant.issuer}/",
    "upper-case": lambda tenant: tenant.issuer.replace("http", "HTTP", 1),
    "https": lambda tenant: tenant.issuer.replace("http:", "https:", 1),
    "query": lambda tenant: f"{tenant.issuer}?tenant=1",
    "absent": lambda tenant: None,  # noqa: ARG005 - as the others
    "list": lambda tenant: [tenant.issuer],
}


# Section 4 leaves no room for what other RFCs call equivalent: a scheme in upper case is another issuer too.
@requirement(
    "metadata.issuer-identical",
    level=MUST,
    basis=[
        quote(
            "RFC 8414 6.2",
            "To prevent this, the client MUST ensure that the issuer identifier URL it is using as the prefix for the metadata "
            'request exactly matches the value of the "issuer" metadata value in the authorization server metadata document '
            "received by the client.",
        ),
        quote(
            "RFC 8414 3.3",
            "If these values are not identical, the data contained in the response MUST NOT be used.",
        ),
        quote(
            "RFC 8414 4",
            "Comparisons between the two strings MUST be performed as a Unicode code-point-to-code-point equality comparison.",
        ),
    ],
    statement="Metadata with another issuer than the configured one is not used.",
    parameters=NEEDED,
    variants=list(_ISSUERS),
)
def test_issuer_identical(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the issuer in the metadata differs from the configured one.

    Check: no token request, and an error.
    """
    show_control(client)
    issuer = _ISSUERS[variant.name](tenant)
    tenant.arm(faults.fault("metadata_member", member="issuer", value=issuer), endpoint="metadata")
    answer = obtain_by_issuer(client, tenant.issuer)
    require(
        tenant.journal.count("token") == 0,
        expected=f"no use of metadata with the issuer {json.dumps(issuer)}",
        seen="a token request at the endpoint that it names",
        mark=Mark(text="issuer", part="response", exchange=0),
    )
    require_no_token(answer, because="the metadata is of another issuer")


@requirement(
    "metadata.tls",
    level=MUST,
    basis=quote(
        "RFC 8414 6.2",
        "TLS certificate checking MUST be performed by the client, as described in Section 6.1, when making an authorization "
        "server metadata request.",
    ),
    statement="The client requests no metadata from a server whose certificate it cannot trust.",
    parameters=(*NEEDED, "ca_file"),
    capabilities=["tls"],
    variants=["untrusted_authority", "wrong_host"],
)
def test_tls(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: the issuer's server has a certificate of an unknown authority, or of another host.

    Check: no request arrives, and the client reports an error.
    """
    trusted = ports.open(tls=True).url_of(tenant, "issuer")
    tenant.arm(faults.fault("metadata_member", member="issuer", value=trusted), endpoint="metadata")
    answer = client.obtain(token_url=None, issuer=trusted, ca_file=ports.ca_file)
    if isinstance(answer, ErrorInfo):
        untestable(f"with a certificate that it can trust the client reported {described(answer)}")
    port = ports.open(connection_fault("tls_certificate", certificate=variant.name), tls=True)
    tenant.journal.clear()
    tenant.clear_faults()
    answer = client.obtain(token_url=None, issuer=port.url_of(tenant, "issuer"), ca_file=ports.ca_file)
    require(
        tenant.journal.count() == 0,
        expected="no request to a server that is not authenticated",
        seen=f"the metadata was requested; the client reported {described(answer)}",
    )
    require_no_token(answer, because="the certificate cannot be trusted")


@requirement(
    "metadata.plain-endpoint",
    level=UNSAFE,
    basis=[
        damage("Everyone on the way reads the client's secret, refresh token, password or assertion."),
        quote(
            "RFC 6749 10.4",
            "Refresh tokens MUST only be transmitted using TLS as described in Section 1.6 with server authentication as "
            "defined by [RFC2818].",
        ),
    ],
    statement="The client sends no secret to a token endpoint with plain http that the metadata of an https issuer names.",
    parameters=(*NEEDED, "ca_file"),
    capabilities=["tls"],
)
def test_plain_endpoint(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: metadata of an https issuer names a token endpoint with plain http beyond loopback; allow_http is not set.

    Check: no token request arrives there.
    """
    secure = ports.open(tls=True)
    answer = _obtain_from(client, tenant, ports, secure, endpoint=secure.url_of(tenant))
    if isinstance(answer, ErrorInfo):
        untestable(f"with a token endpoint of https the client reported {described(answer)}")
    tenant.journal.clear()
    tenant.clear_faults()
    plain = ports.open_beyond_loopback()
    answer = _obtain_from(client, tenant, ports, ports.open(tls=True), endpoint=plain.url_of(tenant))
    require(
        tenant.journal.count("token") == 0,
        expected="no token request over plain http",
        seen=f"a token request at {plain.url_of(tenant)}; the client reported {described(answer)}",
    )


def _obtain_from(client: LabClient, tenant: Tenant, ports: Ports, secure: Port, *, endpoint: str) -> Token | ErrorInfo:
    """Return the client's answer for the issuer at the port `secure`, whose metadata names this token endpoint.

    All other URLs of the metadata are https: a client may reject a document for any of them.
    """
    issuer = secure.url_of(tenant, "issuer")
    others = {member: secure.url_of(tenant, name) for member, name in _OTHER_URLS.items()}
    for member, value in {"issuer": issuer, "token_endpoint": endpoint, **others}.items():
        tenant.arm(faults.fault("metadata_member", member=member, value=value), endpoint="metadata")
    return client.obtain(token_url=None, issuer=issuer, ca_file=ports.ca_file, allow_http=None)
