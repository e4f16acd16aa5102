"""What a correct variant is made of."""

from altered import Altered


class Free(Altered):
    """The reference client with one freedom taken: its docstring says which, and what leaves it."""
