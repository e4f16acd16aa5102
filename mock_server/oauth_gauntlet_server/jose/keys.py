"""Generate and import keys, and sign with them.

A signing key has a kid that follows from the key (RFC 7638): another key never has the kid of this one, so a cache
of keys notices the difference. Parsing an RSA key takes tens of milliseconds, so what is parsed is cached.
"""

from __future__ import annotations

import warnings
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, Key, KeyParameters, OctKey, OKPKey, RSAKey

# RFC 9864 replaces EdDSA by the name Ed25519. The user of a tenant chose the algorithm and needs no warning.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)
# The same is true of a short secret in a test.
warnings.filterwarnings("ignore", "Key size should be", SecurityWarning)

SIGNING_ALGORITHMS = ("ES256", "RS256", "EdDSA")
"""The algorithms for access tokens and signed documents of the server; key generation is fastest for the first."""

_FITS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA", "Ed25519"),
    "oct": ("HS256", "HS384", "HS512"),
}


def new_signing_key(algorithm: str) -> Key:
    """Generate a signing key for an algorithm and return it. Its kid is its thumbprint (RFC 7638).

    Raises:
        ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
    """
    parameters: KeyParameters = {"use": "sig", "alg": algorithm}
    key: Key
    if algorithm == "RS256":
        key = RSAKey.generate_key(2048, parameters, private=True)
    elif algorithm == "ES256":
        key = ECKey.generate_key("P-256", parameters, private=True)
    elif algorithm == "EdDSA":
        key = OKPKey.generate_key("Ed25519", parameters, private=True)
    else:
        raise ValueError(f"unknown signing algorithm {algorithm!r}; expected one of {', '.join(SIGNING_ALGORITHMS)}")
    key.ensure_kid()
    return key


@cache
def foreign_key(algorithm: str) -> Key:
    """Return a key for faults that no tenant signs with: a signature that claims a tenant's kid does not verify.

    Raises:
        ValueError: the algorithm is not in `SIGNING_ALGORITHMS`.
    """
    return new_signing_key(algorithm)


def sign(octets: bytes, key: Key, algorithm: str) -> bytes:
    """Return the JWS signature of octets (RFC 7515 §5.1 step 5) with one of `SIGNING_ALGORITHMS`.

    This uses the key directly, not a JOSE library: the library checks header and key for each token, and that
    takes longer than to sign.
    """
    private = key.private_key
    if isinstance(private, ec.EllipticCurvePrivateKey):
        # RFC 7518 §3.4: the signature is R followed by S.
        r, s = decode_dss_signature(private.sign(octets, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")
    if isinstance(private, rsa.RSAPrivateKey):
        return private.sign(octets, _PKCS1, _SHA256)
    assert isinstance(private, ed25519.Ed25519PrivateKey), algorithm
    return private.sign(octets)


_SHA256 = hashes.SHA256()
_ES256 = ec.ECDSA(_SHA256)
_PKCS1 = padding.PKCS1v15()


def encoded(octets: bytes) -> bytes:
    """Return octets as base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(octets).rstrip(b"=")


@cache
def _key_of_pem(pem: str) -> Key:
    failures: list[str] = []
    importers: tuple[Callable[[str], Key], ...] = (RSAKey.import_key, ECKey.import_key, OKPKey.import_key)
    for import_key in importers:
        try:
            return import_key(pem)
        except (JoseError, ValueError, TypeError) as error:
            failures.append(str(error))
    raise ValueError(f"not the PEM of an RSA, EC or Ed25519 public key: {failures[0]}")


def public_key(source: str | Mapping[str, Any]) -> Key:
    """Return the key of a PEM text or a JWK; each PEM text is parsed only once.

    Raises:
        ValueError: the source is neither the PEM nor the JWK of a supported public key.
    """
    if isinstance(source, str):
        return _key_of_pem(source)
    importers: dict[str, Callable[[Any], Key]] = {
        "RSA": RSAKey.import_key,
        "EC": ECKey.import_key,
        "OKP": OKPKey.import_key,
    }
    importer = importers.get(str(source.get("kty")))
    if importer is None:
        raise ValueError(f"JWK with kty {source.get('kty')!r}; expected one of {', '.join(importers)}")
    return importer(dict(source))


def secret_key(secret: str) -> Key:
    """Return the MAC key of a client secret (client_secret_jwt)."""
    return OctKey.import_key(secret)


def fits(key: Key, algorithm: object) -> bool:
    """Check whether a key can verify signatures of an algorithm (RFC 7518 §3.1); no key can for ``none``."""
    return algorithm in _FITS.get(key.key_type, ())
