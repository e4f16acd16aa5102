"""Keep the signing keys of one tenant: for each algorithm the current key and the keys that it replaced.

The first key of each algorithm belongs to the process, so a new tenant does not need to generate keys. After
`rotate` the tenant has its own.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import Key

MOST_REPLACED = 8
"""The most replaced keys of each algorithm that are still published."""


class KeyRing:
    """The signing keys of one tenant, by algorithm."""

    def __init__(self) -> None:
        self._own: dict[str, tuple[Key, ...]] = {}
        self._rotations: dict[str, int] = {}
        self._lock = threading.Lock()

    def current(self, algorithm: str) -> Key:
        """Return the current signing key.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
        """
        return self.published(algorithm)[0]

    def published(self, algorithm: str) -> tuple[Key, ...]:
        """Return the current signing key and the replaced keys that are still published, newest first.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
        """
        from oauth_gauntlet_server.jose.keys import signing_key  # loads cryptography; opaque tokens do not need it

        return self._own.get(algorithm) or (signing_key(algorithm),)

    def rotate(self, algorithm: str, *, keep_old: bool = True) -> Key:
        """Create a new key, use it from now on, and return it.

        Without `keep_old` the old keys are no longer published.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
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
