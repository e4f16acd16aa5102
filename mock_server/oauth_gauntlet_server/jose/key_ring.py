"""The signing keys of one tenant: one in use for each algorithm, and those that it replaced."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import Key

MOST_REPLACED = 8
"""Keys that were replaced and are still published, of each algorithm."""


class KeyRing:
    """Keys by algorithm. The first of each is the process's, so that a tenant costs no key; later ones are its own."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[Key, ...]] = {}
        self._rotations: dict[str, int] = {}
        self._lock = threading.Lock()

    def current(self, algorithm: str) -> Key:
        """Return the key that signs.

        Raises:
            ValueError: the algorithm is none of `SIGNING_ALGORITHMS`.
        """
        return self.published(algorithm)[0]

    def published(self, algorithm: str) -> tuple[Key, ...]:
        """Return the key that signs, and the replaced ones that still verify, newest first.

        Raises:
            ValueError: the algorithm is none of `SIGNING_ALGORITHMS`.
        """
        from oauth_gauntlet_server.jose.keys import signing_key  # loads cryptography, which an opaque token does without

        return self._own.get(algorithm) or (signing_key(algorithm),)

    def rotate(self, algorithm: str, *, keep_old: bool = True) -> Key:
        """Put a new key in use, and return it. Without `keep_old` those before it are not published any more.

        Raises:
            ValueError: the algorithm is none of `SIGNING_ALGORITHMS`.
        """
        from oauth_gauntlet_server.jose.keys import new_signing_key

        with self._lock:
            number = self._rotations.get(algorithm, 1) + 1
            key = new_signing_key(algorithm, kid=f"gauntlet-{algorithm.lower()}-{number}")
            before = self.published(algorithm)[:MOST_REPLACED] if keep_old else ()
            self._own[algorithm] = (key, *before)
            self._rotations[algorithm] = number
            return key

    def jwks(self) -> dict[str, Any]:
        """Return the public keys as a JWK Set (RFC 7517 §5)."""
        from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS

        return {"keys": [key.as_dict(private=False) for algorithm in SIGNING_ALGORITHMS for key in self.published(algorithm)]}
