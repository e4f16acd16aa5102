"""What a correct variant is made of."""

from dataclasses import replace
from typing import ClassVar

from altered import Altered

from oauth_gauntlet.protocol import Capability, Hello


class Free(Altered):
    """The reference client with one freedom taken: its docstring says which, and what leaves it."""

    undeclared: ClassVar[frozenset[Capability]] = frozenset()
    """What it does not do, and says so."""

    def hello(self) -> Hello:
        hello = super().hello()
        return replace(hello, capabilities=hello.capabilities - self.undeclared)
