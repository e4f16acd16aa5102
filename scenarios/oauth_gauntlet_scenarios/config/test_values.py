"""Configured values: a removed one is gone, a changed one drops the token, none becomes a header field."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, GrantType
from oauth_gauntlet.requirement import (
    CLIENT_CREDENTIALS,
    CONNECTOR,
    INTEROP,
    JWT_BEARER,
    MUST,
    PASSWORD,
    REFRESH_TOKEN,
    Variant,
    requirement,
)
from oauth_gauntlet_server import Tenant


# connector: "If additional payload is already set and you want to set it to empty then remove it"
@requirement(
    "config.reconfigure-clears",
    level=CONNECTOR,
    source="connector: additional payload set and emptied",
    parameters=["additional_payload"],
    statement="An additional payload that is removed by reconfiguration is no longer sent.",
)
def test_reconfigure_clears(client: LabClient) -> None:
    """Do: configure with an additional payload, get a token, configure without, get another.

    Check: nothing of the payload is in the second request.
    """
    client.configure(additional_payload={"gauntlet_marker": "first configuration"})
    client.get_token()
    first = client.token_request()
    require(
        witness.value(first, "gauntlet_marker") == "first configuration",
        expected="the additional payload in the first request",
        seen="it is missing there already",
    )
    client.fresh()
    client.get_token()
    second = client.token_request()
    require(
        witness.value(second, "gauntlet_marker") is None,
        expected="a request without the payload that was removed",
        seen="the payload of the earlier configuration is still sent",
        mark=Mark(text="gauntlet_marker"),
    )


@requirement(
    "config.reconfigure-drops-token",
    level=INTEROP,
    source="practice",
    grants=[CLIENT_CREDENTIALS, PASSWORD, JWT_BEARER],
    statement="A token obtained under one configuration is not used under another.",
)
def test_reconfigure_drops_token(client: LabClient, tenant: Tenant, grant: GrantType) -> None:
    """Do: get a token, configure another client (or user, or subject) at the same token URL, get a token again.

    Check: the second one was asked for, and is not the first.
    """
    first = client.get_token()
    other: dict[GrantType, dict[str, JSON]] = {
        GrantType.CLIENT_CREDENTIALS: {"client_id": "another-client", "client_secret": "another-secret"},
        GrantType.PASSWORD: {"username": "another-user", "password": "another-password"},
        GrantType.JWT_BEARER: {"jwt_subject": "another-subject"},
    }
    client.fresh(**other[grant])
    second = usable(client.try_get_token())
    require(
        tenant.journal.count("token") > 0 and second.access_token != first.access_token,
        expected="a token request with the new configuration",
        seen="the token of the earlier configuration was handed out",
    )


# RFC 9110 §5.5: a recipient of CR, LF or NUL within a field value has to reject it; a client that lets them through lets
# whoever controls a value add fields.
@requirement(
    "config.header-injection",
    level=MUST,
    source="RFC 9110 5.5",
    grants=[CLIENT_CREDENTIALS, REFRESH_TOKEN],
    statement="Line breaks and NUL in credentials never become header fields of their own.",
    variants={"crlf": "s\r\nX-Injected: 1", "lf": "s\nX-Injected: 1", "nul": "s\x00t"},
)
def test_header_injection(client: LabClient, tenant: Tenant, variant: Variant) -> None:
    """Do: the client secret holds a line break or NUL. Check: refused or encoded; no field of that name arrives.

    An error of no documented kind is advised against.
    """
    answer = client.obtain(client_secret=variant.value)
    for request in tenant.journal.requests():
        require(
            request.header("x-injected") is None,
            expected="the secret encoded, or refused",
            seen="a header field that the secret smuggled in",
            mark=Mark(text="X-Injected: 1"),
        )
    crashed = isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.UNEXPECTED
    advise(not crashed, expected="a token, or an error that the client documents", seen=described(answer))
