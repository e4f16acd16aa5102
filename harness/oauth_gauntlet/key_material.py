"""Private keys for scenarios, in every PEM format that a user may paste.

Every run has the same keys, so that it repeats. Each is made from its own name: everybody can make them, they protect
nothing but requests to a mock server, and no scenario depends on their value.
"""

from __future__ import annotations

import hashlib
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

KEY_PASSWORD = "gauntlet key password"

_EXPONENT = 65537

# Octets of each prime, and the distance of p and of q from the number that the name gives. A search takes a second.
_RSA = {"rsa": (128, 180, 38), "rsa-other": (128, 374, 386), "rsa-1024": (64, 26, 340)}


@cache
def private_key(kind: str) -> PrivateKeyTypes:
    """Return the private key of a kind: ``rsa``, ``rsa-other``, ``rsa-1024`` (weak on purpose), ``ec`` or ``ed25519``.

    Raises:
        ValueError: the kind is unknown.
    """
    if kind in _RSA:
        size, to_p, to_q = _RSA[kind]
        return _rsa(_odd_number(f"{kind} p", size) + to_p, _odd_number(f"{kind} q", size) + to_q)
    if kind == "ec":
        return ec.derive_private_key(int.from_bytes(_octets(kind, 32)) >> 1, ec.SECP256R1())
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(_octets(kind, 32))
    raise ValueError(f"unknown kind of key: {kind!r}")


def _rsa(p: int, q: int) -> rsa.RSAPrivateKey:
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(e=_EXPONENT, n=p * q),
    ).private_key()


def _odd_number(name: str, size: int) -> int:
    """Return an odd number of `size` octets; its two highest bits are set, so that the modulus has its full length."""
    return int.from_bytes(_octets(name, size)) | 0b11 << (8 * size - 2) | 1


def _octets(name: str, count: int) -> bytes:
    return hashlib.shake_256(f"oauth-gauntlet {name}".encode()).digest(count)


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
