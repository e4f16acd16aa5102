"""The configuration of ``serve``: tenants, ports and addresses, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oauth_gauntlet_server.faults import Fault, Trigger
from oauth_gauntlet_server.listening.certificates import Certificate
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
from oauth_gauntlet_server.tenancy.description import described
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, User
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenants import Tenants


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantConfiguration:
    """One tenant in the file; `settings` are fields of `TenantSettings`."""

    name: str
    settings: Mapping[str, Any]
    clients: tuple[RegisteredClient, ...] = ()
    users: tuple[User, ...] = ()
    issuers: tuple[AssertionIssuer, ...] = ()
    faults: tuple[tuple[Fault, Trigger], ...] = ()

    def create(self, tenants: Tenants) -> Tenant:
        """Create the tenant with its registered parties and armed faults, and return it."""
        tenant = tenants.create(self.name, **self.settings)
        for client in self.clients:
            tenant.register_client(client)
        for user in self.users:
            tenant.register_user(user)
        for issuer in self.issuers:
            tenant.register_issuer(issuer)
        for fault, trigger in self.faults:
            tenant.armed.arm(fault, trigger)
        return tenant

    def describe(self) -> str:
        """Return a line that describes the tenant."""
        text = described(
            TenantSettings(**self.settings),
            clients=len(self.clients),
            users=len(self.users),
            issuers=len(self.issuers),
            faults=len(self.faults),
        )
        return f"tenant {self.name}: {text}"


@dataclass(frozen=True, kw_only=True, slots=True)
class PortConfiguration:
    """One additional port in the file; see `MockServer.open_port`."""

    port: int = 0
    fault: ConnectionFault | None = None
    tls: Certificate | bool | None = None

    def describe(self) -> str:
        """Return a line that describes the port."""
        number = "a port that the system chooses" if self.port == 0 else f"port {self.port}"
        return f"{number}: {'no fault' if self.fault is None else self.fault.name}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Configuration:
    """The content of a file. Host or port of None: the command line option or the default applies."""

    host: str | None = None
    port: int | None = None
    auto_create: bool = False
    control_hosts: tuple[str, ...] = ()
    tenants: tuple[TenantConfiguration, ...] = ()
    ports: tuple[PortConfiguration, ...] = ()
