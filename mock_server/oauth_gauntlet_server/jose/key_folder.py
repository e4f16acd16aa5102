"""Keep the signing keys of tenants in a folder, so that they stay the same after a restart.

Each tenant that signs has one file: a JWK Set with private keys, which only its owner can read.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import Key

SUFFIX = ".jwks.json"


class KeyFileError(Exception):
    """A file or folder of keys cannot be used; the message names it, and what to do."""


class KeyFolder:
    """A folder of key files. One server uses it at a time.

    Raises:
        KeyFileError: the folder cannot be created or written, or a file in it is not a set of private keys.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=path):
                pass
            files = sorted(path.glob(f"*{SUFFIX}"))
        except (OSError, ValueError) as error:  # ValueError: an octet that no path has
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise KeyFileError(f"{path}: {reason}; name a folder that this user can write to") from error
        for file in files:
            _read(file)

    def keeper_of(self, tenant: str) -> KeyFile:
        """Return the file of a tenant."""
        # Some file systems do not tell "Shop" from "shop"; "%" is in no name of a tenant.
        name = "".join(f"%{ord(character):02x}" if character.isupper() else character for character in tenant)
        return KeyFile(self.path / f"{name}{SUFFIX}")


class KeyFile:
    """The file with the private keys of one tenant; a missing file has none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> tuple[Key, ...]:
        """Return the keys of the file, in its order.

        Raises:
            KeyFileError: the file cannot be read, or is not a set of private keys.
        """
        from oauth_gauntlet_server.jose.private_keys import own_signing_key

        loaded: list[Key] = []
        for number, jwk in enumerate(_read(self.path), 1):
            try:
                loaded.append(own_signing_key(jwk))
            except ValueError as error:
                raise _unusable(self.path, f"key {number}: {error}") from error
        return tuple(loaded)

    def save(self, keys: Iterable[Key]) -> None:
        """Write the keys; the file is the old or the new one at each moment, and only its owner can read it.

        Raises:
            KeyFileError: the file cannot be written; the old one is unchanged.
        """
        text = json.dumps({"keys": [key.as_dict(private=True) for key in keys]}, indent=2)
        try:
            descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=self.path.parent)  # with mode 0600
            try:
                with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                    file.write(text + "\n")
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise KeyFileError(f"{self.path}: {error.strerror}; the keys cannot be kept") from error


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        document = json.loads(path.read_bytes())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}; make the file readable, or remove it to get new keys") from error
    except (ValueError, RecursionError) as error:
        raise _unusable(path, f"not JSON: {error}") from error
    keys = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
        raise _unusable(path, 'no object with a list "keys" of JWKs')
    return keys


def _unusable(path: Path, reason: str) -> KeyFileError:
    return KeyFileError(f"{path}: {reason}; correct the file, or remove it to get new keys")
