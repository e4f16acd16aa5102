"""The texts that clients send for a value that they do not have."""

MADE_UP = frozenset({"none", "null", "undefined", "nil"})
"""What template engines and dynamic languages write for nothing, in lower case."""
