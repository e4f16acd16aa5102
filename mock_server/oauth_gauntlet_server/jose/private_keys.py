"""Read a signing key of one's own: a private key as PEM or as JWK."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeyParameters, OKPKey, RSAKey

PrivateKey: TypeAlias = str | Mapping[str, Any]
"""A private key: PEM text, a JWK as a mapping, or the JSON text of a JWK."""

LEAST_RSA_BITS = 2048
"""RFC 7518 §3.3: the smallest RSA key."""

_EXPECTED = "a private RSA, P-256 or Ed25519 key, as PEM without a passphrase or as JWK"

_IMPORTERS: dict[str, Callable[[Any], Key]] = {
    "RSA": RSAKey.import_key,
    "EC": ECKey.import_key,
    "OKP": OKPKey.import_key,
}


def own_signing_key(source: PrivateKey) -> Key:
    """Return a private key as a signing key. Its kid is that of the JWK, by default the thumbprint (RFC 7638).

    The key decides the algorithm: RS256, ES256 or EdDSA.

    Raises:
        ValueError: the source is no such key; the message says what it is, and what was expected.
    """
    if isinstance(source, str) and source.lstrip().startswith("{"):
        try:
            source = json.loads(source)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"the JWK is not JSON: {error}; expected {_EXPECTED}") from error
    return _of_pem(source) if isinstance(source, str) else _of_jwk(source)


def _of_pem(text: str) -> Key:
    try:
        # "openssl ecparam -genkey" writes the parameters of the curve before the key.
        start = text.find("-----BEGIN EC PRIVATE KEY")
        native = load_pem_private_key(text[max(start, 0) :].encode(), password=None)
    except TypeError as error:
        raise ValueError(f"the PEM is encrypted; expected {_EXPECTED}") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        label = text.partition("-----BEGIN ")[2].partition("-----")[0]
        seen = (
            f"the PEM contains a {label.lower()}"
            if label.endswith(("PUBLIC KEY", "CERTIFICATE"))
            else "it is not the PEM of a key"
        )
        raise ValueError(f"{seen}; expected {_EXPECTED}") from error
    return _signing_key(native, {})


def _of_jwk(jwk: Mapping[str, Any]) -> Key:
    importer = _IMPORTERS.get(str(jwk.get("kty")))
    if importer is None:
        raise ValueError(f"a JWK with kty {jwk.get('kty')!r}; expected {_EXPECTED}")
    if "d" not in jwk:
        raise ValueError(f"the JWK is a public key: it has no member d; expected {_EXPECTED}")
    kid = jwk.get("kid")
    if kid is not None and (not isinstance(kid, str) or not kid):
        raise ValueError(f"the JWK has the kid {kid!r}; expected a text")
    about_use = {"alg", "kid", "use", "key_ops"}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a key that is too small; it is rejected below
            key = importer({name: value for name, value in jwk.items() if name not in about_use})
    except (JoseError, ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm) as error:
        raise ValueError(f"the JWK does not describe a key: {error}; expected {_EXPECTED}") from error
    made = _signing_key(key.private_key, {} if kid is None else {"kid": kid})
    if jwk.get("alg") not in {None, made.alg}:
        raise ValueError(f"the JWK has the alg {jwk['alg']!r}; with this key the server signs with {made.alg}")
    return made


def _signing_key(native: object, parameters: KeyParameters) -> Key:
    key: Key
    if isinstance(native, rsa.RSAPrivateKey):
        if native.key_size < LEAST_RSA_BITS:
            raise ValueError(f"an RSA key of {native.key_size} bits; expected {LEAST_RSA_BITS} or more (RFC 7518 3.3)")
        key = RSAKey.import_key(native, {"use": "sig", "alg": "RS256", **parameters})
    elif isinstance(native, ec.EllipticCurvePrivateKey) and isinstance(native.curve, ec.SECP256R1):
        key = ECKey.import_key(native, {"use": "sig", "alg": "ES256", **parameters})
    elif isinstance(native, ed25519.Ed25519PrivateKey):
        key = OKPKey.import_key(native, {"use": "sig", "alg": "EdDSA", **parameters})
    else:
        curve = f" of the curve {native.curve.name}" if isinstance(native, ec.EllipticCurvePrivateKey) else ""
        raise ValueError(f"a key{curve} that the server cannot sign with; expected {_EXPECTED}")
    key.ensure_kid()
    return key
