"""Keep the signing keys of one tenant: for each algorithm the current key and the keys that it replaced.

Each tenant has keys of its own. A key is made at its first use: most tenants never sign, and an RSA key takes a good
part of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from joserfc.jwk import Key

MOST_REPLACED = 8
"""The most replaced keys of each algorithm that are still published."""


class KeyKeeper(Protocol):
    """What keeps the private keys of one tenant for the next start of the server."""

    def load(self) -> tuple[Key, ...]:
        """Return the kept keys of all algorithms, newest first."""

    def save(self, keys: Iterable[Key]) -> None:
        """Keep these keys, in place of those that were kept before."""


class KeyRing:
    """The signing keys of one tenant, by algorithm; without a `keeper` they end with the process."""

    def __init__(self, keeper: KeyKeeper | None = None) -> None:
        self._keeper = keeper
        self._loaded = keeper is None
        self._keys: dict[str, tuple[Key, ...]] = {}
        self._lock = threading.RLock()

    def current(self, algorithm: str) -> Key:
        """Return the key that signs with an algorithm; the first call makes it.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
            KeyFileError: the keeper cannot read or write.
        """
        found = self._keys.get(algorithm) if self._loaded else None
        if found:
            return found[0]
        with self._lock:  # of many first requests, one makes the key
            return (self.published(algorithm) or (self.rotate(algorithm),))[0]

    def published(self, algorithm: str) -> tuple[Key, ...]:
        """Return the current key of an algorithm and the replaced ones that are still published, newest first.

        Empty: no key of this algorithm has been needed yet.

        Raises:
            KeyFileError: the keeper cannot read.
        """
        with self._lock:
            if not self._loaded:
                assert self._keeper is not None
                for key in self._keeper.load():
                    self._keys[str(key.alg)] = (*self._keys.get(str(key.alg), ()), key)
                self._loaded = True
            return self._keys.get(algorithm, ())

    def rotate(self, algorithm: str, *, keep_old: bool = True) -> Key:
        """Create a new key, use it from now on, and return it.

        Without `keep_old` the old keys are no longer published.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
            KeyFileError: the keeper cannot read or write.
        """
        from oauth_gauntlet_server.jose.keys import new_signing_key  # loads cryptography; opaque tokens do not need it

        key = new_signing_key(algorithm)
        self.use(key, keep_old=keep_old)
        return key

    def use(self, key: Key, *, keep_old: bool = True) -> None:
        """Sign with this key from now on, where its algorithm is used. It has a kid, an alg and a private part.

        Without `keep_old` the old keys are no longer published.

        Raises:
            KeyFileError: the keeper cannot read or write.
        """
        algorithm = str(key.alg)
        with self._lock:
            old = [each for each in self.published(algorithm) if each.kid != key.kid]
            keys = {**self._keys, algorithm: (key, *(old[:MOST_REPLACED] if keep_old else ()))}
            if self._keeper is not None:  # before the key is used: no token is signed with a key that a restart loses
                self._keeper.save(each for published in keys.values() for each in published)
            self._keys = keys

    def all(self, algorithm: str) -> tuple[Key, ...]:
        """Return every key that is published; among them the current one of this algorithm, which may be made now.

        Raises:
            ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
            KeyFileError: the keeper cannot read or write.
        """
        from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS

        self.current(algorithm)
        return tuple(key for each in SIGNING_ALGORITHMS for key in self.published(each))

    def jwks(self, algorithm: str) -> dict[str, Any]:
        """Return the public parts of `all` as a JWK Set (RFC 7517 §5). Raises what `all` raises."""
        return {"keys": [key.as_dict(private=False) for key in self.all(algorithm)]}
