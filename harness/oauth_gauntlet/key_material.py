"""Private keys for scenarios, in every PEM format that a user may paste.

Each key is generated once per process: an RSA key costs tens of milliseconds, and no scenario depends on its value.
"""

from __future__ import annotations

import threading
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

KEY_PASSWORD = "gauntlet key password"

_generating = threading.Lock()


def private_key(kind: str) -> PrivateKeyTypes:
    """Return the process-wide private key of a kind: ``rsa``, ``rsa-other``, ``rsa-1024``, ``ec`` or ``ed25519``.

    Raises:
        ValueError: the kind is unknown.
    """
    # Without the lock two threads could generate a key each, and concurrent scenarios would use different keys.
    with _generating:
        return _generated(kind)


@cache
def _generated(kind: str) -> PrivateKeyTypes:
    if kind in {"rsa", "rsa-other"}:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if kind == "rsa-1024":
        return rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - weak on purpose
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    raise ValueError(f"unknown kind of key: {kind!r}")


@cache
def private_pem(kind: str, *, form: str = "pkcs8", password: str | None = None) -> str:
    """Return the key as PEM text; `form` is ``pkcs8`` or ``traditional`` (PKCS#1, SEC1)."""
    formats = {
        "pkcs8": serialization.PrivateFormat.PKCS8,
        "traditional": serialization.PrivateFormat.TraditionalOpenSSL,
    }
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        encryption = serialization.BestAvailableEncryption(password.encode())
    return private_key(kind).private_bytes(serialization.Encoding.PEM, formats[form], encryption).decode()


@cache
def public_pem(kind: str) -> str:
    """Return the public half of the key as PEM text (SubjectPublicKeyInfo)."""
    return (
        private_key(kind)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
