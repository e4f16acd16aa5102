"""Configure a client with an issuer in place of a token URL."""

from __future__ import annotations

from urllib.parse import urlsplit

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ErrorInfo, Token
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.faults.base import Fault

NEEDED = ("issuer",)
"""What an adapter declares for these scenarios."""

WELL_KNOWN = "/.well-known/oauth-authorization-server"
OPENID_CONFIGURATION = "/.well-known/openid-configuration"


def obtain_by_issuer(client: LabClient, issuer: str) -> Token | ErrorInfo:
    """Return the client's answer when it has this issuer and no token URL."""
    return client.obtain(token_url=None, issuer=issuer)


def show_control(client: LabClient, *answers: Fault) -> None:
    """Show that the client gets a token by the metadata of a correct issuer.

    Raises:
        Untestable: it does not.
    """
    client.control(*answers, token_url=None, issuer=lambda tenant: tenant.issuer)


def accepted_paths(tenant: Tenant) -> tuple[str, ...]:
    """Return the paths of the metadata of a tenant: the one that a client of RFC 8414 requests comes first.

    A client may ask for the document of OpenID Connect in its place, inserted (RFC 8414 §5) or appended.
    """
    path = urlsplit(tenant.issuer).path
    return f"{WELL_KNOWN}{path}", f"{OPENID_CONFIGURATION}{path}", f"{path}{OPENID_CONFIGURATION}"
