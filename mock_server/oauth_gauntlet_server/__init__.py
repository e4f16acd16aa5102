"""A mock OAuth 2.0 authorization server that fails on demand. It imports no other package of this project.

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
    from oauth_gauntlet_server import faults
    from oauth_gauntlet_server.application.front import create_app
    from oauth_gauntlet_server.http.base_url import BaseURLSource
    from oauth_gauntlet_server.http.clock import Clock
    from oauth_gauntlet_server.http.form import FormError, parse_form
    from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest, RecordedResponse
    from oauth_gauntlet_server.jose.key_folder import KeyFileError, KeyFolder
    from oauth_gauntlet_server.listening import connection_faults
    from oauth_gauntlet_server.listening.certificates import PROXIED_HOST, Certificate, TLSUnavailable, trust_variables
    from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, connection_fault
    from oauth_gauntlet_server.listening.connection_log import ConnectionOutcome, ConnectionRecord
    from oauth_gauntlet_server.listening.forward_proxy import ForwardProxy, ProxiedRequest, ProxyRefusal
    from oauth_gauntlet_server.listening.limits import Limits
    from oauth_gauntlet_server.listening.listener import ListenerError
    from oauth_gauntlet_server.listening.own_certificate import load_certificate
    from oauth_gauntlet_server.listening.port import Port, PortError
    from oauth_gauntlet_server.server import MockServer
    from oauth_gauntlet_server.tenancy.journal import Exchange, Journal
    from oauth_gauntlet_server.tenancy.memory import MemoryFull, MemoryUse, StorageFull
    from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, RotationPolicy, TokenRecord, User
    from oauth_gauntlet_server.tenancy.naming import Naming
    from oauth_gauntlet_server.tenancy.randomness import Randomness
    from oauth_gauntlet_server.tenancy.tenant import Tenant
    from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
    from oauth_gauntlet_server.tenancy.tenants import TenantExists, Tenants, TooManyTenants

# Each name is imported on first use: a plain server starts faster without ports, TLS and Flask, and a pytest session
# that only has the plugin installed imports nothing of the server.
_MODULES = {
    "AssertionIssuer": "tenancy.model",
    "BaseURLSource": "http.base_url",
    "BasicCredentialsError": "http.http_request",
    "Certificate": "listening.certificates",
    "Clock": "http.clock",
    "ConnectionFault": "listening.connection_faults",
    "ConnectionOutcome": "listening.connection_log",
    "ConnectionRecord": "listening.connection_log",
    "Exchange": "tenancy.journal",
    "FormError": "http.form",
    "ForwardProxy": "listening.forward_proxy",
    "Journal": "tenancy.journal",
    "KeyFileError": "jose.key_folder",
    "KeyFolder": "jose.key_folder",
    "Limits": "listening.limits",
    "ListenerError": "listening.listener",
    "MemoryFull": "tenancy.memory",
    "MemoryUse": "tenancy.memory",
    "MockServer": "server",
    "Naming": "tenancy.naming",
    "PROXIED_HOST": "listening.certificates",
    "Port": "listening.port",
    "PortError": "listening.port",
    "ProxiedRequest": "listening.forward_proxy",
    "ProxyRefusal": "listening.forward_proxy",
    "Randomness": "tenancy.randomness",
    "RecordedRequest": "http.http_request",
    "RecordedResponse": "http.http_request",
    "RegisteredClient": "tenancy.model",
    "RotationPolicy": "tenancy.model",
    "StorageFull": "tenancy.memory",
    "TLSUnavailable": "listening.certificates",
    "Tenant": "tenancy.tenant",
    "TenantExists": "tenancy.tenants",
    "TenantSettings": "tenancy.tenant_settings",
    "Tenants": "tenancy.tenants",
    "TokenRecord": "tenancy.model",
    "TooManyTenants": "tenancy.tenants",
    "User": "tenancy.model",
    "connection_fault": "listening.connection_faults",
    "create_app": "application.front",
    "load_certificate": "listening.own_certificate",
    "parse_form": "http.form",
    "trust_variables": "listening.certificates",
}

__all__ = [
    "PROXIED_HOST",
    "AssertionIssuer",
    "BaseURLSource",
    "BasicCredentialsError",
    "Certificate",
    "Clock",
    "ConnectionFault",
    "ConnectionOutcome",
    "ConnectionRecord",
    "Exchange",
    "FormError",
    "ForwardProxy",
    "Journal",
    "KeyFileError",
    "KeyFolder",
    "Limits",
    "ListenerError",
    "MemoryFull",
    "MemoryUse",
    "MockServer",
    "Naming",
    "Port",
    "PortError",
    "ProxiedRequest",
    "ProxyRefusal",
    "Randomness",
    "RecordedRequest",
    "RecordedResponse",
    "RegisteredClient",
    "RotationPolicy",
    "StorageFull",
    "TLSUnavailable",
    "Tenant",
    "TenantExists",
    "TenantSettings",
    "Tenants",
    "TokenRecord",
    "TooManyTenants",
    "User",
    "connection_fault",
    "connection_faults",
    "create_app",
    "faults",
    "load_certificate",
    "parse_form",
    "trust_variables",
]


def __getattr__(name: str) -> Any:
    if name in {"connection_faults", "faults"}:
        return import_module(f"{__name__}.{'listening.' if name == 'connection_faults' else ''}{name}")
    if name in _MODULES:
        return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
