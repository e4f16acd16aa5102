"""A mock OAuth 2.0 authorization server that can fail on demand. Imports nothing else of this project.

from oauth_gauntlet_server import MockServer, faults

with MockServer() as server:
    tenant = server.tenant(strict=False)
    tenant.arm(faults.oauth_error("invalid_grant"), times=1)
    ...  # point a client at tenant.token_url
    tenant.journal.wait_for(1)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.clock import Clock
from oauth_gauntlet_server.journal import Exchange, Journal
from oauth_gauntlet_server.listener import Limits, ListenerError
from oauth_gauntlet_server.model import AssertionIssuer, RegisteredClient, RotationPolicy, TokenRecord, User
from oauth_gauntlet_server.server import MockServer
from oauth_gauntlet_server.tenant import Tenant
from oauth_gauntlet_server.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenants import Tenants

if TYPE_CHECKING:
    from oauth_gauntlet_server import connection_faults
    from oauth_gauntlet_server.app import create_app
    from oauth_gauntlet_server.certificates import Certificate, TLSUnavailable
    from oauth_gauntlet_server.connection_log import ConnectionRecord, Outcome
    from oauth_gauntlet_server.port import Port, PortError

# What only ports, TLS and Flask need is loaded when it is asked for: a plain server starts the quicker.
_LATER = {
    "Certificate": "certificates",
    "ConnectionRecord": "connection_log",
    "Outcome": "connection_log",
    "Port": "port",
    "PortError": "port",
    "TLSUnavailable": "certificates",
    "create_app": "app",
}

__all__ = [
    "AssertionIssuer",
    "Certificate",
    "Clock",
    "ConnectionRecord",
    "Exchange",
    "Journal",
    "Limits",
    "ListenerError",
    "MockServer",
    "Outcome",
    "Port",
    "PortError",
    "RegisteredClient",
    "RotationPolicy",
    "TLSUnavailable",
    "Tenant",
    "TenantSettings",
    "Tenants",
    "TokenRecord",
    "User",
    "connection_faults",
    "create_app",
    "faults",
]


def __getattr__(name: str) -> Any:
    if name == "connection_faults":
        return import_module(f"{__name__}.{name}")
    if name in _LATER:
        return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
