"""What a broken client is made of."""

from typing import Any, ClassVar

from altered import Altered


class Broken(Altered):
    """The reference client with one bug: its docstring says what it does."""

    seen_in: ClassVar[tuple[str, ...]] = ()
    """Where a real client did it: threads, as owner/repository#number."""

    def configure(self, config: Any) -> None:
        # What a bug remembers, beginning with what its class says, it remembers of one configuration.
        for name in vars(self).keys() & vars(type(self)).keys():
            delattr(self, name)
        super().configure(config)
