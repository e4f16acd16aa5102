"""The PEM file of the certificate authority, for clients that trust an authority only by its file."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from pathlib import Path


class AuthorityFile:
    """A temporary file that is created on first use and exists until `remove`."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._lock = threading.Lock()

    def path(self) -> Path:
        """Return the path of the file; write it first, if necessary.

        Raises:
            TLSUnavailable: trustme is not installed.
            OSError: the file cannot be written; nothing of it is left.
        """
        from oauth_gauntlet_server.listening.certificates import ca_pem

        with self._lock:
            if self._path is None:
                self._path = _written(ca_pem())
            return self._path

    def remove(self) -> None:
        """Remove the file, if there is one."""
        with self._lock:
            if self._path is not None:
                with contextlib.suppress(FileNotFoundError):
                    self._path.unlink()
                self._path = None


def _written(pem: bytes) -> Path:
    descriptor, name = tempfile.mkstemp(prefix="oauth-gauntlet-ca-", suffix=".pem")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        path.chmod(0o644)  # it is not secret, and clients may run as another user
    except OSError:
        path.unlink()  # on a full disk only a part was written
        raise
    return path
