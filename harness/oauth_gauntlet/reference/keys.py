"""Read private keys in PEM (PKCS#8, PKCS#1, SEC1; plain or encrypted), and reject anything else."""

from __future__ import annotations

from functools import lru_cache
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from oauth_gauntlet.reference.errors import configuration_error

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey

LEAST_RSA_BITS = 2048
"""RFC 7518 §3.3: "A key of size 2048 bits or larger MUST be used"."""


# OpenSSL checks the primes of an RSA key for 30 ms on each load; the cache avoids that when a key is configured again.
@lru_cache(maxsize=4)
def load_private_key(pem: str, password: str | None) -> PrivateKey:
    """Return the key of a PEM text.

    Raises:
        ClientFailure: kind config; the text is not a private key, its password is wrong or missing, or the key is too
            weak. The message contains neither the key nor the password.
    """
    # Pasted keys have CRLF line ends, and blank lines around them.
    data = "\n".join(line.strip() for line in pem.strip().splitlines()).encode("utf-8", "replace") + b"\n"
    encrypted = b"ENCRYPTED" in data
    if encrypted and not password:
        raise configuration_error("private_key: the key is encrypted; private_key_password is missing")
    try:
        key = load_pem_private_key(data, password.encode() if encrypted and password else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        hint = "; is private_key_password right?" if encrypted else ""
        raise configuration_error(f"private_key: expected a private key in PEM{hint}") from None
    if not isinstance(key, PrivateKey):
        raise configuration_error(f"private_key: a key of type {type(key).__name__} cannot sign a JWT")
    if isinstance(key, RSAPrivateKey) and key.key_size < LEAST_RSA_BITS:
        raise configuration_error(
            f"private_key: an RSA key of {key.key_size} bits is too weak; RFC 7518 §3.3 requires {LEAST_RSA_BITS} or more"
        )
    return key


def algorithms_for(key: PrivateKey) -> tuple[str, ...]:
    """Return the JWS algorithms that fit a key, the usual one first (RFC 7518 §3.1)."""
    if isinstance(key, RSAPrivateKey):
        return ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
    if isinstance(key, Ed25519PrivateKey):
        return ("EdDSA",)
    return {"secp256r1": ("ES256",), "secp384r1": ("ES384",), "secp521r1": ("ES512",)}.get(key.curve.name, ())
