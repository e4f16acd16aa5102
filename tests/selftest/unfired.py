"""A server at which no fault ever fires: what the scenarios conclude from one that was not delivered."""

from __future__ import annotations

from typing import Any

import pytest

from oauth_gauntlet.judging.fixtures import PORTS, TENANT
from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults
from oauth_gauntlet_server.listening.connection_faults import Refuse
from oauth_gauntlet_server.listening.reception import Reception


class Plugin:
    """Keeps every fault from firing, and notes the scenarios that are about one."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        arm = ArmedFaults.arm

        def noting(faults: ArmedFaults, *arguments: Any) -> ArmedFault:
            vars(faults)["was_armed"] = True
            return arm(faults, *arguments)

        ArmedFaults.arm = noting  # type: ignore[method-assign]
        ArmedFault.due = lambda *_: False  # type: ignore[method-assign]
        Reception._due = lambda *_: None  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Note whether the scenario armed a fault, or opened a port with one that leaves a trace."""
        from judging import named

        tenant, ports = item.stash.get(TENANT, None), item.stash.get(PORTS, None)
        armed = tenant is not None and "was_armed" in vars(tenant.armed)
        opened = ports is not None and any(
            port.fault is not None and not isinstance(port.fault, Refuse) for port in ports.opened
        )
        if call.when == "call" and (armed or opened):
            self.bound.add(named(item))
        return (yield)

    def seen(self) -> list[str]:
        """Return the scenarios that are about a fault."""
        return sorted(self.bound)
