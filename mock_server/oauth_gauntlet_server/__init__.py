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

if TYPE_CHECKING:
    from oauth_gauntlet_server import connection_faults, faults
    from oauth_gauntlet_server.app import create_app
    from oauth_gauntlet_server.certificates import Certificate, TLSUnavailable
    from oauth_gauntlet_server.clock import Clock
    from oauth_gauntlet_server.connection_log import ConnectionRecord, Outcome
    from oauth_gauntlet_server.journal import Exchange, Journal
    from oauth_gauntlet_server.listener import Limits, ListenerError
    from oauth_gauntlet_server.model import AssertionIssuer, RegisteredClient, RotationPolicy, TokenRecord, User
    from oauth_gauntlet_server.port import Port, PortError
    from oauth_gauntlet_server.server import MockServer
    from oauth_gauntlet_server.tenant import Tenant
    from oauth_gauntlet_server.tenant_settings import TenantSettings
    from oauth_gauntlet_server.tenants import Tenants

# Each name is loaded when it is asked for: a plain server starts the quicker without ports, TLS and Flask, and a pytest
# session that has the plugin installed pays for nothing.
_MODULES = {
    "AssertionIssuer": "model",
    "Certificate": "certificates",
    "Clock": "clock",
    "ConnectionRecord": "connection_log",
    "Exchange": "journal",
    "Journal": "journal",
    "Limits": "listener",
    "ListenerError": "listener",
    "MockServer": "server",
    "Outcome": "connection_log",
    "Port": "port",
    "PortError": "port",
    "RegisteredClient": "model",
    "RotationPolicy": "model",
    "TLSUnavailable": "certificates",
    "Tenant": "tenant",
    "TenantSettings": "tenant_settings",
    "Tenants": "tenants",
    "TokenRecord": "model",
    "User": "model",
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
    if name in {"connection_faults", "faults"}:
        return import_module(f"{__name__}.{name}")
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
