"""Changed and hostile values: removed ones are gone, a change drops the token, none becomes a header field."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require, untestable
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    JWT_BEARER,
    MUST,
    PASSWORD,
    PROFILE,
    REFRESH_TOKEN,
    SENDER,
    UNSAFE,
    Variant,
    damage,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_server import Tenant


@requirement(
    "config.reconfigure-clears",
    level=PROFILE,
    profile=SCIM_CONNECTOR.name,
    basis=connector_page(
        "If additional payload is already set and you want to set it to empty then remove it from the application debug page."
    ),
    parameters=["additional_payload"],
    statement="An additional payload that is removed by reconfiguration is no longer sent.",
)
def test_reconfigure_clears(client: LabClient) -> None:
    """Do: configure an additional payload and get a token; configure without it and get another token.

    Check: the second request contains nothing of the payload.
    """
    client.configure(additional_payload={"gauntlet_marker": "first configuration"})
    client.get_token()
    first = client.token_request()
    require(
        witness.value(first, "gauntlet_marker") == "first configuration",
        expected="the additional payload in the first request",
        seen="it is missing",
    )
    client.fresh()
    client.get_token()
    second = client.token_request()
    require(
        witness.value(second, "gauntlet_marker") is None,
        expected="a request without the removed payload",
        seen="the request still contains the payload of the earlier configuration",
        mark=Mark(text="gauntlet_marker"),
    )


@requirement(
    "config.reconfigure-drops-token",
    level=UNSAFE,
    basis=damage("The application acts as the client, user or subject of an earlier configuration."),
    grants=[CLIENT_CREDENTIALS, PASSWORD, JWT_BEARER],
    statement="A token obtained under one configuration is not used under another.",
)
def test_reconfigure_drops_token(client: LabClient, tenant: Tenant, grant: GrantType) -> None:
    """Do: get a token, configure another client, user or subject at the same token URL, get a token again.

    Check: the client requested the second token, and it is not the first one.
    """
    other: dict[GrantType, dict[str, JSON]] = {
        GrantType.CLIENT_CREDENTIALS: {"client_id": "another-client", "client_secret": "another-secret"},
        GrantType.PASSWORD: {"username": "another-user", "password": "another-password"},
        GrantType.JWT_BEARER: {"jwt_subject": "another-subject"},
    }
    client.control(**other[grant])
    first = client.try_get_token()
    client.tenant.journal.clear()
    second = client.obtain(**other[grant])
    if not isinstance(first, Token) or not isinstance(second, Token):
        untestable(f"the client has no two tokens: {described(first)}, {described(second)}")
    require(
        tenant.journal.count("token") > 0 and second.access_token != first.access_token,
        expected="a token request with the new configuration",
        seen="the application got the token of the earlier configuration",
    )


# If a client sends them, anyone who controls a value can add fields.
@requirement(
    "config.header-injection",
    level=MUST,
    basis=quote(
        "RFC 9110 2.2",
        "A sender MUST NOT generate protocol elements that do not match the grammar defined by the corresponding ABNF rules.",
        binds=SENDER,
    ),
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    statement="Line breaks and NUL in credentials never create additional header fields.",
    variants={"crlf": "s\r\nX-Injected: 1", "lf": "s\nX-Injected: 1", "nul": "s\x00t"},
)
def test_header_injection(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: configure a client secret with a line break or NUL.

    Check: it is refused or encoded; no field X-Injected arrives.

    An undocumented error is a warning.
    """
    client.control()
    answer = client.obtain(client_secret=variant.value)
    for request in tenant.journal.requests():
        require(
            request.header("x-injected") is None,
            expected="the secret encoded, or refused",
            seen="a header field injected by the secret",
            mark=Mark(text="X-Injected: 1"),
        )
    crashed = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.UNEXPECTED
    advise(not crashed, expected="a token, or an error that the client documents", seen=described(answer))
