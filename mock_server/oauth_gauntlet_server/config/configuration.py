"""The configuration of ``serve``: tenants, ports and addresses, as immutable values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oauth_gauntlet_server.faults import Fault, Trigger
from oauth_gauntlet_server.jose.private_keys import PrivateKey
from oauth_gauntlet_server.listening.certificates import Certificate
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
from oauth_gauntlet_server.tenancy.description import described
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, User
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenants import Tenants
from oauth_gauntlet_server.tenancy.vendor_settings import settings_with_profile


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantConfiguration:
    """One tenant in the file; `settings` are fields of `TenantSettings`. The last one of its private `keys` signs."""

    name: str
    settings: Mapping[str, Any]
    clients: tuple[RegisteredClient, ...] = ()
    users: tuple[User, ...] = ()
    issuers: tuple[AssertionIssuer, ...] = ()
    keys: tuple[PrivateKey, ...] = field(default=(), repr=False)
    faults: tuple[tuple[Fault, Trigger], ...] = ()

    def create(self, tenants: Tenants, *, replace: bool = False) -> Tenant:
        """Create the tenant with its registered parties and armed faults, and return it; see `Tenants.create`."""
        tenant = tenants.create(self.name, replace=replace, **self.settings)
        for client in self.clients:
            tenant.register_client(client)
        for user in self.users:
            tenant.register_user(user)
        for issuer in self.issuers:
            tenant.register_issuer(issuer)
        for key in self.keys:
            tenant.use_key(key)
        if "signing_algorithm" in self.settings:  # a key decides it only where the file does not
            tenant.configure(signing_algorithm=self.settings["signing_algorithm"])
        for fault, trigger in self.faults:
            tenant.armed.arm(fault, trigger)
        return tenant

    def describe(self) -> str:
        """Return a line that describes the tenant."""
        text = described(
            settings_with_profile(self.settings),
            clients=len(self.clients),
            users=len(self.users),
            issuers=len(self.issuers),
            keys=len(self.keys),
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
    """The content of a file. Host, port or memory (in MiB) of None: the command line option or the default applies.

    `keys` is the folder that keeps the signing keys of the tenants.
    """

    host: str | None = None
    port: int | None = None
    memory_mib: int | None = None
    auto_create: bool = False
    control_hosts: tuple[str, ...] = ()
    keys: Path | None = None
    tenants: tuple[TenantConfiguration, ...] = ()
    ports: tuple[PortConfiguration, ...] = ()
