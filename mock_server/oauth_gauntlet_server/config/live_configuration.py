"""The configuration that a running server has, and its change to that of a file that was edited.

What is the same in both is not touched: such a tenant keeps its tokens, its journal, the counters of its faults, and what
the control API has changed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import fields
from typing import Any

from oauth_gauntlet_server.config.configuration import Configuration, PortConfiguration, TenantConfiguration
from oauth_gauntlet_server.listening.certificates import TLSUnavailable
from oauth_gauntlet_server.listening.listener import ListenerError
from oauth_gauntlet_server.listening.port import Port
from oauth_gauntlet_server.tenancy.store import Store
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenants import Tenants
from oauth_gauntlet_server.tenancy.vendor_settings import settings_with_profile

_AT_START = ("host", "port", "control_hosts", "keys", "memory_mib")


class LiveConfiguration:
    """The configuration of the tenants of a server, empty at first. Not for several threads at once."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants
        self._now = Configuration()
        self._armed: dict[str, tuple[int, ...]] = {}
        self._ports: list[tuple[PortConfiguration, Port]] = []

    def create_tenants(self, configuration: Configuration) -> tuple[Tenant, ...]:
        """Create the tenants of the first configuration, and return them; its ports are opened by `open_ports`."""
        self._now = configuration
        return tuple([self._create(each) for each in configuration.tenants])

    def open_ports(self) -> tuple[Port, ...]:
        """Open the ports of the configuration; the server must be running.

        Raises:
            ListenerError, TLSUnavailable: a port cannot be opened.
        """
        for each in self._now.ports:
            self._ports.append((each, self._open(each)))
        return tuple(port for _, port in self._ports)

    def change_to(self, configuration: Configuration) -> tuple[str, ...]:
        """Change the running server to another configuration, and return a sentence for each change.

        A tenant that is new in the file is created, or takes the settings of the file if there is one of that name. One
        that is no longer in the file is deleted.
        """
        before, self._now = self._now, configuration
        old = {each.name: each for each in before.tenants}
        new = {each.name: each for each in configuration.tenants}
        done = [self._delete(name) for name in old if name not in new]
        for name, each in new.items():
            tenant = self._tenants.existing(name)
            if tenant is None:
                self._create(each)
                done.append(f"created {each.describe()}")
            elif each != old.get(name):
                self._change(tenant, old.get(name, TenantConfiguration(name=name, settings={})), each)
                done.append(f"changed {each.describe()}")
        done += self._change_ports(configuration.ports)
        later = [name for name in _AT_START if getattr(before, name) != getattr(configuration, name)]
        if later:
            done.append(f"{' and '.join(later)}: the change needs a new start")
        return tuple(done) or ("nothing has changed",)

    def _create(self, configured: TenantConfiguration) -> Tenant:
        tenant = configured.create(self._tenants)
        self._armed[tenant.name] = tuple(armed.id for armed in tenant.armed.list())
        return tenant

    def _delete(self, name: str) -> str:
        self._armed.pop(name, None)
        self._tenants.delete(name)
        return f"deleted tenant {name}"

    def _change(self, tenant: Tenant, old: TenantConfiguration, new: TenantConfiguration) -> None:
        tenant.configure(**_all_settings(new))
        _replace(tenant.clients, old.clients, new.clients, "client_id")
        _replace(tenant.users, old.users, new.users, "username")
        _replace(tenant.issuers, old.issuers, new.issuers, "issuer")
        if old.keys != new.keys:
            for key in new.keys:
                tenant.use_key(key)
            if "signing_algorithm" in new.settings:  # a key decides it only where the file does not
                tenant.configure(signing_algorithm=new.settings["signing_algorithm"])
        if old.faults != new.faults:
            for identifier in self._armed.pop(tenant.name, ()):
                tenant.armed.remove(identifier)
            self._armed[tenant.name] = tuple([tenant.armed.arm(fault, trigger).id for fault, trigger in new.faults])

    def _change_ports(self, wanted: Iterable[PortConfiguration]) -> list[str]:
        missing, kept, done = list(wanted), [], []
        for configured, port in self._ports:
            if configured in missing:
                missing.remove(configured)
                kept.append((configured, port))
            else:
                port.close()
                done.append(f"closed {port.url}")
        for each in missing:
            try:
                port = self._open(each)
            except (ListenerError, TLSUnavailable) as error:
                done.append(str(error))
            else:
                kept.append((each, port))
                done.append(f"opened {port.url} ({each.describe()})")
        self._ports = kept
        return done

    def _open(self, configured: PortConfiguration) -> Port:
        opener = self._tenants.server.port_opener
        if opener is None:
            raise ListenerError("this server has no socket of its own, and cannot open ports")
        return opener.open_port(configured.fault, tls=configured.tls, port=configured.port)


def _all_settings(configured: TenantConfiguration) -> dict[str, Any]:
    """Return every setting of a tenant: a setting that the file no longer has returns to its default."""
    settings = settings_with_profile(configured.settings)
    return {field.name: getattr(settings, field.name) for field in fields(TenantSettings)}


def _replace(store: Store[Any], old: Iterable[Hashable], new: Iterable[Any], key: str) -> None:
    """Register what is new or changed in the file, and remove what the file no longer has."""
    before = {getattr(each, key): each for each in old}
    after = {getattr(each, key): each for each in new}
    for name in before.keys() - after.keys():
        store.delete(name)
    for name, each in after.items():
        if each != before.get(name):
            store.put(name, each)
