"""Distribute the scenarios of a run to the workers of pytest-xdist.

All scenarios that wait in real time go to one worker, which runs them concurrently, while the other workers judge the rest.
Otherwise the cases of a scenario function stay together: pytest-xdist is slow with thousands of groups. A worker that dies
loses the scenario that it was judging, and another one takes over the rest.

This replaces the distribution ``load``, the default of ``-n``. Any other that a user chooses stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from oauth_gauntlet.judging.scenario_item import ENDS_LIKE_A_SCENARIO, WAITS

if TYPE_CHECKING:
    from xdist.scheduler.protocol import Scheduling

_KEY = "oauth_all_that_wait"


def group_of(node_id: str) -> str:
    """Return the group of a test: pytest-xdist sends the tests of a group to the same worker."""
    if not ENDS_LIKE_A_SCENARIO.search(node_id):
        return node_id
    return WAITS if node_id.endswith(f"{WAITS}]") else node_id.rpartition("[")[0]


def has_all_that_wait(config: pytest.Config) -> bool:
    """Return whether this process runs all scenarios that wait, if it runs one of them."""
    worker_input = getattr(config, "workerinput", None)
    return worker_input is None or bool(worker_input[_KEY])


class Distribution:
    """The hooks of pytest-xdist that distribute the scenarios. Registered in the controller."""

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker whether it gets all scenarios that wait."""
        node.workerinput[_KEY] = _is_ours(node.config)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: Any) -> Scheduling | None:
        """Return the scheduler of a run, or None if the user chose another distribution."""
        if not _is_ours(config):
            return None
        from xdist.scheduler import LoadScopeScheduling

        class ByGroup(LoadScopeScheduling):  # type: ignore[misc] # pytest-xdist has no types
            def _split_scope(self, nodeid: str) -> str:
                return group_of(nodeid)

            def remove_node(self, node: Any) -> str | None:
                """Return the test in which a worker died, if it did. It does not run again: it may end the next worker too."""
                units = self.assigned_work[node].values()
                died_in = next(((unit, test) for unit in units for test, completed in unit.items() if not completed), None)
                if died_in is not None:
                    unit, test = died_in
                    unit[test] = True
                super().remove_node(node)
                return None if died_in is None else test

            def _reschedule(self, node: Any) -> None:
                if node not in self.registered_collections:
                    return  # it still collects, and gets work afterwards
                super()._reschedule(node)
                # A worker keeps its last test until it knows the next one. One that takes over gets a single group, maybe of
                # one test, and would wait for ever.
                while self.workqueue and not node.shutting_down and self._pending_of(self.assigned_work[node]) < 2:
                    self._assign_work_unit(node)

        config.option.loadscopereorder = False  # the order of a run, not the largest group first
        return ByGroup(config, log)


def _is_ours(config: pytest.Config) -> bool:
    return bool(config.getoption("dist", "no") == "load")
