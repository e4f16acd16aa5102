"""Get the first token from a server without faults, and say why a client gets none."""

from __future__ import annotations

from oauth_gauntlet.checks import Breach, require
from oauth_gauntlet.lab.answers import described
from oauth_gauntlet.lab.client import LabClient
from oauth_gauntlet.model import Mark, refusals
from oauth_gauntlet_server import Tenant


def get_issued_token(client: LabClient) -> None:
    """Get a token from the server of the client's tenant, which must have no fault.

    Raises:
        Breach: the application gets no token, or another one than the server issued. It quotes the server's own refusal.
    """
    tenant = client.tenant
    try:
        token = client.get_token()
    except Breach as breach:
        reason = _refusal(tenant)
        breach.add(_server_side(tenant, reason))
        if reason:
            breach.mark = Mark(text=reason, part="response")
        raise
    require(
        isinstance(token.access_token, str) and tenant.active(token.access_token),
        expected="the access token that the server issued",
        seen=described(token),
    )


def _refusal(tenant: Tenant) -> str:
    """Return why the server refused the last request, or an empty text if it refused none."""
    return next(iter(refusals(exchange.to_json() for exchange in reversed(tenant.journal.exchanges()))), "")


def _server_side(tenant: Tenant, reason: str) -> str:
    if reason:
        return f'the server refused its request: "{reason}"'
    return "the server has no fault and refused nothing" if tenant.journal.last else "the server got no request"
