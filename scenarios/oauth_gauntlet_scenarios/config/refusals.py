"""Checks for configurations that lack a parameter."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, Token
from oauth_gauntlet_scenarios.made_up import MADE_UP
from oauth_gauntlet_server import RecordedRequest, Tenant


def require_refused_before_request(client: LabClient, tenant: Tenant, key: str, value: JSON) -> None:
    """Require that the client refuses the default configuration with another `value` of `key`, before any request."""
    client.control()
    answer = client.obtain(**{key: value})
    requests = tenant.journal.requests()
    require(
        not requests,
        expected=f"a configuration error about {key}, and no request",
        seen=f"{len(requests)} request(s) left the client; the client reported {described(answer)}",
        mark=Mark(text=requests[0].target, exchange=0) if requests else None,
    )
    _require_configuration_error(answer, key)


def require_nothing_made_up(client: LabClient, tenant: Tenant, key: str) -> None:
    """Require that a client without the parameter `key` refuses, or sends nothing for it.

    Absent and empty are one thing: the grammar of these parameters allows the empty text (RFC 6749 A.1, A.2, A.15,
    A.16), and a parameter without a value counts as omitted (3.1).
    """
    client.control()
    answer = client.obtain(**{key: None})
    requests = tenant.journal.requests("token")
    for request in requests:
        for value in _sent(request, key):
            require(
                not value,
                expected=f"a configuration error about {key}, or a request without it",
                seen=f"the client sent {value!r} as {key}",
                mark=Mark(text=request.header("authorization") or f"{key}={value}", exchange=0),
            )
    if not requests:
        _require_configuration_error(answer, key)


def require_refused_or_default(client: LabClient, tenant: Tenant, key: str, value: JSON, claim: str) -> None:
    """Require that a client without the parameter `key` refuses, or that its assertion has a default for `claim`."""
    client.control()
    answer = client.obtain(**{key: value})
    requests = tenant.journal.requests("token")
    if not requests:
        _require_configuration_error(answer, key)
        return
    sent = witness.assertion(requests[0]).claims.get(claim)
    require(
        sent and sent != [""] and str(sent).lower() not in MADE_UP,
        expected=f"a configuration error about {key}, or an assertion with a default for {claim}",
        seen=f"an assertion with {claim}={sent!r} was sent",
        mark=Mark(text="assertion", exchange=0),
    )


def _sent(request: RecordedRequest, key: str) -> list[str]:
    """Return the values of a parameter that a token request contains: in its body, and for a client in its header."""
    user, password = witness.basic_credentials(request) or ("", "")
    in_header = {"client_id": [user], "client_secret": [password]}.get(key, [])
    return [*in_header, *witness.values(request, key)]


def _require_configuration_error(answer: Token | ErrorInfo, key: str) -> None:
    # Nothing was sent, so no harm was done; but an error of another kind does not tell the user to correct the configuration.
    require(
        isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.CONFIG,
        expected=f"a documented configuration error (kind config) about {key}",
        seen=f"nothing was sent, and the client reported {described(answer)}",
    )
