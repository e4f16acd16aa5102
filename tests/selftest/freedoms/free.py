"""The base class of all freedoms."""

from dataclasses import replace
from typing import ClassVar

from oauth_gauntlet.protocol import Capability, Hello
from tests.selftest.altered import Altered


class Free(Altered):
    """The reference client with one freedom used: the docstring of the subclass describes it, and names what allows it."""

    undeclared: ClassVar[frozenset[Capability]] = frozenset()
    """Capabilities that the client does not have and does not declare."""

    warned: ClassVar[frozenset[str]] = frozenset()
    """Requirements of practice that warn of this freedom: a document allows it, and many servers do not accept it."""

    @classmethod
    def is_warned_by(cls, scenario: str) -> bool:
        """Whether a scenario, by its id, may warn of this freedom."""
        return scenario.partition("[")[0] in cls.warned

    def hello(self) -> Hello:
        hello = super().hello()
        return replace(hello, capabilities=hello.capabilities - self.undeclared)
