"""Checks for configurations that a client must refuse."""

from __future__ import annotations

from oauth_gauntlet import witness
from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSON, ErrorInfo, ErrorKind, Token
from oauth_gauntlet_server import Tenant


def require_refused_before_request(client: LabClient, tenant: Tenant, key: str, **changes: JSON) -> None:
    """Configure with changes, request a token, and require a refusal before any request."""
    answer = client.obtain(**changes)
    requests = tenant.journal.requests()
    require(
        not requests,
        expected=f"a configuration error about {key}, and no request",
        seen=f"{len(requests)} request(s) left the client; the client reported {described(answer)}",
        mark=Mark(text=requests[0].target, exchange=0) if requests else None,
    )
    _require_configuration_error(answer, key)


def require_legal_without(answer: Token | ErrorInfo, tenant: Tenant, key: str) -> None:
    """Require a refusal, or a request without the missing client id or secret, never one with a made-up value."""
    for request in tenant.journal.requests("token"):
        credentials = witness.basic_credentials(request)
        presented = list(credentials or ()) + [
            value for name, value in witness.form(request) if name in {"client_id", "client_secret"}
        ]
        for value in presented:
            require(
                (value.strip() and value.lower() not in {"none", "null", "undefined", "nil"})
                # RFC 6749 §2.3.1: an empty client secret may be sent or left out.
                or (key == "client_secret" and value == ""),
                expected=f"a configuration error about {key}, or a request without it",
                seen=f"the client sent {value!r}",
                mark=Mark(text=request.header("authorization") or f"client_id={value}", exchange=0),
            )
    if tenant.journal.requests():
        # RFC 6749 §3.2.1 allows public clients, and §2.3 other ways to identify a client: so this is a
        # warning only.
        advise(
            False,
            expected=f"a configuration error about {key} before any request (connector document: mandatory)",
            seen=f"the request was sent without it; the client then reported {described(answer)}",
        )
    _require_configuration_error(answer, key)


def _require_configuration_error(answer: Token | ErrorInfo, key: str) -> None:
    """Require an error, and advise that it is a documented configuration error."""
    require(
        isinstance(answer, ErrorInfo),
        expected=f"a configuration error about {key}",
        seen=f"the client reported {described(answer)} without any request",
    )
    assert isinstance(answer, ErrorInfo)
    # Nothing was sent, so no harm was done; but an error of another kind does not tell the user to correct
    # the configuration.
    advise(
        answer.kind is ErrorKind.CONFIG,
        expected=f"a documented configuration error (kind config) about {key}",
        seen=f"nothing was sent, and the client reported {described(answer)}",
    )
