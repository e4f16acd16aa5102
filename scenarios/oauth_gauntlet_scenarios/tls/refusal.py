"""Check that a client sends nothing to a server that it must not trust."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import LabClient, described
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet_server import Certificate, ConnectionFault, Tenant

PARAMETERS, CAPABILITIES = ["ca_file"], ["tls"]


def require_refused(client: LabClient, tenant: Tenant, ports: Ports, fault: ConnectionFault) -> None:
    """Require that the client sends no request to a server with this fault, and reports an error.

    First the client gets a token at a port without the fault: it does trust the authority. Where a renewal is judged, it may
    also go on with its old token.
    """
    client.control(token_url=ports.open(tls=Certificate.TRUSTED).url_of, ca_file=ports.ca_file)
    port = ports.open(fault, tls=True)
    answer = client.obtain(token_url=port.url_of(tenant), ca_file=ports.ca_file)
    requests = tenant.journal.count()
    if requests == 0 and client.is_old_token(answer):
        return
    require_nothing_sent(answer, requests, "a server that is not authenticated")


def require_nothing_sent(answer: object, requests: int, where: str) -> None:
    """Require that there was no request, but an error; and advise that it is one that the client documents."""
    require(
        requests == 0,
        expected=f"no request to {where}",
        seen=f"the request was sent; the client reported {described(answer)}",
    )
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    advise(
        isinstance(answer, ErrorInfo) and answer.kind is not ErrorKind.UNEXPECTED,
        expected="an error that the client documents",
        seen=described(answer),
    )
