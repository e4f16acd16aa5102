"""Make tokens, identifiers and names: unpredictable, or the same ones for the same seed."""

from __future__ import annotations

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode


class Randomness:
    """A source of random text; its methods may be called by several threads.

    Without a seed nobody can predict what it makes. With a seed, the same calls in the same order make the same text: a
    test repeats, and anyone who knows the seed knows each token.

    >>> Randomness("example").text() == Randomness("example").text()
    True
    """

    def __init__(self, seed: str | None = None) -> None:
        self._seed = seed
        self._drawn = 0
        self._lock = threading.Lock()

    def octets(self, count: int) -> bytes:
        """Return the next `count` random octets."""
        if self._seed is None:
            return secrets.token_bytes(count)
        with self._lock:
            self._drawn += 1
            number = self._drawn
        return hashlib.shake_256(f"{number} {self._seed}".encode()).digest(count)

    def text(self, octets: int = 32) -> str:
        """Return so many random octets as base64url without padding (RFC 4648 §5)."""
        return urlsafe_b64encode(self.octets(octets)).rstrip(b"=").decode()

    def hexadecimal(self, octets: int = 8) -> str:
        """Return so many random octets as lower-case hexadecimal digits."""
        return self.octets(octets).hex()

    def derived(self, name: str) -> Randomness:
        """Return a source of its own for `name`: what is drawn from one changes nothing in the other."""
        return Randomness(None if self._seed is None else f"{self._seed} {name}")
