"""A mock OAuth 2.0 authorization server that can fail on demand. Imports nothing else of this project.

from oauth_gauntlet_server import MockServer, faults

with MockServer() as server:
    tenant = server.tenant(strict=False)
    tenant.arm(faults.oauth_error("invalid_grant"), times=1)
    ...  # point a client at tenant.token_url
    tenant.journal.wait_for(1)
"""

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.app import create_app
from oauth_gauntlet_server.clock import Clock
from oauth_gauntlet_server.journal import Exchange, Journal
from oauth_gauntlet_server.listener import Limits, ListenerError
from oauth_gauntlet_server.model import AssertionIssuer, RegisteredClient, RotationPolicy, TokenRecord, User
from oauth_gauntlet_server.server import MockServer
from oauth_gauntlet_server.tenant import Tenant
from oauth_gauntlet_server.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenants import Tenants

__all__ = [
    "AssertionIssuer",
    "Clock",
    "Exchange",
    "Journal",
    "Limits",
    "ListenerError",
    "MockServer",
    "RegisteredClient",
    "RotationPolicy",
    "Tenant",
    "TenantSettings",
    "Tenants",
    "TokenRecord",
    "User",
    "create_app",
    "faults",
]
