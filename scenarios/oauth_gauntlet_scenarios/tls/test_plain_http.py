"""Plain http to an address that is not loopback, although nobody said that it is intended.

The address is one of this machine's own, and the port serves only this machine. A client without the parameter `allow_http`
cannot be told that plain http is intended, so it would have to accept every http URL: for it these requirements do not apply.
"""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ResourceResponse
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    SENDER,
    SERVER,
    UNSAFE,
    damage,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.tls.refusal import require_nothing_sent
from oauth_gauntlet_server import Certificate, Tenant

_PARAMETERS = ["allow_http"]


def _require_refused(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Require that the client sends no token request by plain http, unless it is intended."""
    port = ports.open_beyond_loopback()
    client.control(token_url=port.url_of)
    answer = client.obtain(token_url=port.url_of(tenant), allow_http=None)
    require_nothing_sent(answer, tenant.journal.count(), "a token endpoint without TLS")


@requirement(
    "tls.plain-http-refresh-token",
    level=MUST,
    basis=quote("RFC 6749 10.4", "Refresh tokens MUST only be transmitted using TLS", binds=SENDER),
    grants=[REFRESH_TOKEN],
    parameters=_PARAMETERS,
    statement="A refresh token is not sent by plain http.",
)
def test_plain_http_refresh_token(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: configure a token URL with plain http on an address that is not loopback, without allow_http.

    Check: no request arrives, and the client reports an error. With allow_http it gets a token there.
    """
    _require_refused(client, tenant, ports)


# The duty of RFC 6749 3.2 is the server's; the OAuth 2.1 draft has one for both sides.
@requirement(
    "tls.plain-http-credentials",
    level=UNSAFE,
    basis=[
        damage("Everyone on the way reads the client secret, the password or the assertion, and then the access token."),
        quote(
            "RFC 6749 3.2",
            "the authorization server MUST require the use of TLS as described in Section 1.6 when sending requests to the "
            "token endpoint",
            binds=SERVER,
        ),
    ],
    grants=[CLIENT_CREDENTIALS, PASSWORD, JWT_BEARER],
    parameters=_PARAMETERS,
    statement="Credentials are not sent by plain http.",
)
def test_plain_http_credentials(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: configure a token URL with plain http on an address that is not loopback, without allow_http.

    Check: no request arrives, and the client reports an error. With allow_http it gets a token there.
    """
    _require_refused(client, tenant, ports)


@requirement(
    "tls.plain-http-resource",
    level=MUST,
    basis=quote(
        "RFC 6750 5.3",
        "Clients MUST always use TLS [RFC5246] (https) or equivalent transport security when making requests with bearer "
        "tokens.",
    ),
    parameters=["allow_http", "ca_file"],
    capabilities=["resource", "tls"],
    statement="The access token is not sent by plain http.",
)
def test_plain_http_resource(client: LabClient, tenant: Tenant, ports: Ports) -> None:
    """Do: get a token by https without allow_http, and ask an https resource; then one with plain http, not on loopback.

    Check: the second request does not arrive, and the client reports an error. With allow_http it gets an answer there.
    """
    secure, plain = ports.open(tls=Certificate.TRUSTED), ports.open_beyond_loopback().url_of(tenant, "resource")
    changes = {"token_url": secure.url_of(tenant), "ca_file": ports.ca_file}
    client.configure(**changes)
    _require_answer(client, plain, "with allow_http")
    client.configure(**changes, allow_http=None)
    _require_answer(client, secure.url_of(tenant, "resource"), "by https")
    sent = tenant.journal.count("resource")
    answer = client.try_request(plain)
    require_nothing_sent(answer, tenant.journal.count("resource") - sent, "a resource without TLS")


def _require_answer(client: LabClient, url: str, how: str) -> None:
    answer = client.try_request(url)
    if not isinstance(answer, ResourceResponse) or answer.status != 200:
        untestable(f"the client gets nothing from the resource {how}: {described(answer)}")
