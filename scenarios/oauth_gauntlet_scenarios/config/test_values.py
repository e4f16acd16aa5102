"""Removed and hostile values: removed ones are gone, none becomes a header field."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    MUST,
    PROFILE,
    REFRESH_TOKEN,
    SENDER,
    Variant,
    quote,
    requirement,
)
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR, connector_page
from oauth_gauntlet_scenarios.sent_heads import found_in_heads
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
        seen="the additional payload is missing in the first request",
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
    statement="Line breaks and NUL in credentials never reach the head of a request.",
    variants={"crlf": "s\r\nX-Injected: 1", "lf": "s\nX-Injected: 1", "nul": "s\x00t"},
)
def test_header_injection(client: LabClient, tenant: Tenant, ports: Ports, variant: Variant) -> None:
    """Do: configure a client secret with a line break or NUL.

    Check: it is refused or encoded; no head has a line X-Injected or a NUL, also not one that is no valid HTTP.

    An undocumented error is a warning.
    """
    client.control()
    port = ports.open()
    answer = client.obtain(client_secret=variant.value, token_url=port.url_of(tenant))
    found = found_in_heads(rb"\nX-Injected|\x00", tenant, port, "token")
    require(
        found is None,
        expected="the secret encoded, or refused",
        seen=f"a head with {found}",
        mark=Mark(text="X-Injected: 1"),
    )
    crashed = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.UNEXPECTED
    advise(not crashed, expected="a token, or an error that the client documents", seen=described(answer))
