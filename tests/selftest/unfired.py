"""A pytest plugin that stops every fault from firing, and records the scenarios that depend on one.

Without its fault a scenario has proved nothing, so its verdict must be `untestable` and not `pass`.
"""

from __future__ import annotations

from typing import Any

import pytest

from oauth_gauntlet.judging.scenario_arguments import PORTS, TENANT
from oauth_gauntlet_server.faults.armed import ArmedFault, ArmedFaults
from oauth_gauntlet_server.listening.connection_faults import Refuse
from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup
from tests.selftest.forked_runs import named


class Plugin:
    """Stops every fault from firing, and records the scenarios that arm one."""

    def __init__(self) -> None:
        self.bound: set[str] = set()
        arm = ArmedFaults.arm

        def noting(faults: ArmedFaults, *arguments: Any) -> ArmedFault:
            vars(faults)["was_armed"] = True
            return arm(faults, *arguments)

        ArmedFaults.arm = noting  # type: ignore[method-assign]
        ArmedFault.due = lambda *_: False  # type: ignore[method-assign]
        ConnectionSetup._due = lambda *_: None  # type: ignore[method-assign]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        """Record the scenario if it armed a fault, or opened a port with a fault that leaves a trace (all but `Refuse`)."""
        tenant, ports = item.stash.get(TENANT, None), item.stash.get(PORTS, None)
        armed = tenant is not None and "was_armed" in vars(tenant.armed)
        opened = ports is not None and any(
            port.fault is not None and not isinstance(port.fault, Refuse) for port in ports.opened
        )
        if call.when == "call" and (armed or opened):
            self.bound.add(named(item))
        return (yield)

    def seen(self) -> list[str]:
        """Return the scenarios that depend on a fault, sorted."""
        return sorted(self.bound)
