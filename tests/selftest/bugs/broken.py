"""The base class of all bugs."""

from typing import Any, ClassVar

from tests.selftest.altered import Altered


class Broken(Altered):
    """The reference client with one bug: the docstring of the subclass describes it."""

    seen_in: ClassVar[tuple[str, ...]] = ()
    """Issues in which a real client had this bug, as owner/repository#number."""

    by_chance: ClassVar[tuple[str, ...]] = ()
    """Beginnings of scenario ids where threads or the network decide whether the bug shows: kills there are not compared."""

    outlives_a_scenario: ClassVar[bool] = False
    """Whether its kills depend on the scenarios that ran before: then a test run uses all of them (`reach.sample`)."""

    def configure(self, config: Any) -> None:
        # The state of a bug belongs to one configuration: go back to the class's initial values.
        for name in vars(self).keys() & vars(type(self)).keys():
            delattr(self, name)
        super().configure(config)
