"""Signing keys of the server: made when first needed, loaded once, shared by all tenants of the process.

Parsing or making an RSA key costs tens of milliseconds, so neither is ever done per request.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, Key, KeyParameters, OctKey, OKPKey, RSAKey

# RFC 9864 gives EdDSA with Ed25519 a name of its own; what a tenant is told to speak is no news to its user.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)

SIGNING_ALGORITHMS = ("ES256", "RS256", "EdDSA")
"""What access tokens and the server's documents may be signed with; the first is the quickest to make a key for."""

_FITS = {
    "RSA": ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "EC": ("ES256", "ES384", "ES512"),
    "OKP": ("EdDSA", "Ed25519"),
    "oct": ("HS256", "HS384", "HS512"),
}


@cache
def signing_key(algorithm: str) -> Key:
    """Return the process's key for an algorithm.

    Raises:
        ValueError: the algorithm is none of `SIGNING_ALGORITHMS`.
    """
    return new_signing_key(algorithm, kid=f"gauntlet-{algorithm.lower()}")


def new_signing_key(algorithm: str, *, kid: str) -> Key:
    """Make a key for an algorithm.

    Raises:
        ValueError: the algorithm is none of `SIGNING_ALGORITHMS`.
    """
    parameters: KeyParameters = {"use": "sig", "alg": algorithm, "kid": kid}
    if algorithm == "RS256":
        return RSAKey.generate_key(2048, parameters, private=True)
    if algorithm == "ES256":
        return ECKey.generate_key("P-256", parameters, private=True)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters, private=True)
    raise ValueError(f"unknown signing algorithm {algorithm!r}; there are {', '.join(SIGNING_ALGORITHMS)}")


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
    """Return the key object of PEM text or of a JWK; PEM is parsed once.

    Raises:
        ValueError: it is neither.
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
        raise ValueError(f"JWK with kty {source.get('kty')!r}; there are {', '.join(importers)}")
    return importer(dict(source))


def secret_key(secret: str) -> Key:
    """Return a client secret as the key of a MAC (client_secret_jwt)."""
    return OctKey.import_key(secret)


def fits(key: Key, algorithm: object) -> bool:
    """Whether a key may verify that algorithm (RFC 7518 §3.1); ``none`` fits no key."""
    return algorithm in _FITS.get(key.key_type, ())
