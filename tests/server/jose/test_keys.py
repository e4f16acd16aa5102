import hashlib
import json
from base64 import urlsafe_b64encode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from oauth_gauntlet_server.jose.keys import (
    SIGNING_ALGORITHMS,
    fits,
    foreign_key,
    new_signing_key,
    public_key,
    secret_key,
    sign,
)


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_the_kid_is_the_thumbprint_of_the_published_key(algorithm):
    key = new_signing_key(algorithm)
    published = key.as_dict(private=False)
    assert (published["alg"], published["use"]) == (algorithm, "sig")
    assert "d" not in published
    # RFC 7638 3.2: the members that the key type requires, in the order of their names, without white space.
    required = {"RSA": ("e", "kty", "n"), "EC": ("crv", "kty", "x", "y"), "OKP": ("crv", "kty", "x")}[published["kty"]]
    canonical = json.dumps({name: published[name] for name in required}, separators=(",", ":")).encode()
    assert published["kid"] == urlsafe_b64encode(hashlib.sha256(canonical).digest()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_a_foreign_key_signs_and_is_no_tenants(algorithm):
    assert foreign_key(algorithm) is foreign_key(algorithm)
    assert foreign_key(algorithm).kid != new_signing_key(algorithm).kid
    assert sign(b"x", foreign_key(algorithm), algorithm)


def test_an_unknown_algorithm_is_rejected():
    with pytest.raises(ValueError, match="unknown signing algorithm 'HS256'; expected one of ES256"):
        new_signing_key("HS256")


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(65537, 2048), "PS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    ],
    ids=["rsa", "ec", "ed25519"],
)
def test_pem_and_jwk_are_the_same_key(key, algorithm):
    from_pem = public_key(pem(key))
    assert fits(from_pem, algorithm)
    assert not fits(from_pem, "none")
    assert not fits(from_pem, "HS256")
    assert public_key(from_pem.as_dict(private=False)).as_dict(private=False) == from_pem.as_dict(private=False)


def test_a_secret_fits_a_mac_only():
    assert fits(secret_key("s" * 32), "HS256")
    assert not fits(secret_key("s" * 32), "RS256")


@pytest.mark.parametrize("source", ["no pem", {"kty": "magic"}, {}])
def test_a_source_that_is_not_a_key_is_rejected(source):
    with pytest.raises(ValueError, match=r"PEM|kty"):
        public_key(source)
