"""Create assertions for the JWT bearer grant (RFC 7523), signed by joserfc."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from tests.selftest.second_client.failures import ConfigurationRefused

LIFETIME_S = 95.75
"""Freedom: the lifetime of an assertion in seconds; "non-integer values can be represented" (RFC 7519 2)."""

Key = RSAKey | ECKey | OKPKey
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


class Signer:
    """A private key with the algorithm and the header of its assertions."""

    def __init__(self, pem: str, password: str | None, header: Mapping[str, Any]) -> None:
        """Read the key, and sign once to check that key and header fit.

        Raises:
            ConfigurationRefused: they do not fit; the message names private_key, private_key_password or jwt_header.
        """
        self._key, self._algorithms = _read(pem, password)
        # RS256, which RFC 7523 5 makes mandatory, and the algorithm of the curve are first in their lists.
        # Freedom: typ is optional (RFC 7519 5.1), and omitted unless it is configured.
        # Freedom: kid is the thumbprint of the key (RFC 7638) unless it is configured.
        self._header = {"kid": self._key.thumbprint(), **header, "alg": header.get("alg", self._algorithms[0])}
        if self._header["alg"] not in self._algorithms:
            raise ConfigurationRefused(
                f"jwt_header: alg does not fit private_key, which supports {', '.join(self._algorithms)}"
            )
        for name in ("crit", "b64"):
            if name in header:
                raise ConfigurationRefused(f"jwt_header: this client does not support {name}")
        self.sign({})

    def sign(self, claims: Mapping[str, Any]) -> str:
        """Return the claims as a signed JWT in compact form.

        Raises:
            ConfigurationRefused: RFC 7515 does not allow the header.
        """
        registry = JWSRegistry(algorithms=self._algorithms, strict_check_header=False)
        try:
            return jwt.encode(dict(self._header), dict(claims), self._key, registry=registry, default_type=None)
        except (JoseError, ValueError) as error:
            raise ConfigurationRefused(f"jwt_header: cannot be used ({type(error).__name__})") from None


def claims(issuer: str, subject: str, audience: str, now: float) -> dict[str, Any]:
    """Return the claims of RFC 7523 3.

    Freedom: aud is an array with one element (RFC 7519 4.1.3); iat, nbf and jti are optional (RFC 7523 3) and omitted.
    Because `now` has a fraction, no two assertions are the same nevertheless.
    """
    return {"exp": now + LIFETIME_S, "aud": [audience], "sub": subject, "iss": issuer}


@lru_cache(maxsize=16)  # checking the numbers of an RSA key takes longer than everything else
def _read(pem: str, password: str | None) -> tuple[Key, list[str]]:
    secret = password.encode() if password else None
    try:
        native = load_pem_private_key(pem.strip().encode(), secret)
    except TypeError:
        wanted = "is encrypted and needs its password" if secret is None else "is not encrypted, but a password is given"
        raise ConfigurationRefused(f"private_key_password: the private_key {wanted}") from None
    except (ValueError, UnsupportedAlgorithm):
        name = "private_key" if secret is None else "private_key or private_key_password"
        raise ConfigurationRefused(f"{name}: the key cannot be read; give a PEM private key and its password") from None
    match native:
        case RSAPrivateKey():
            if native.key_size < 2048:
                raise ConfigurationRefused("private_key: expected an RSA key of 2048 bits or more (RFC 7518 3.3)")
            return RSAKey(native, pem), ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
        case EllipticCurvePrivateKey() if native.curve.name in _CURVES:
            return ECKey(native, pem), [_CURVES[native.curve.name]]
        case Ed25519PrivateKey():
            # Freedom: RFC 9864 2.2 defines the name Ed25519; the older name EdDSA is used if it is configured.
            return OKPKey(native, pem), ["Ed25519", "EdDSA"]
        case Ed448PrivateKey():
            return OKPKey(native, pem), ["Ed448", "EdDSA"]
    raise ConfigurationRefused(
        "private_key: this client does not support this kind of key; use RSA, P-256, P-384, P-521, Ed25519 or Ed448"
    )
