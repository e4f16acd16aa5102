import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, fits, foreign_key, public_key, secret_key, sign, signing_key


def pem(key):
    return key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_a_key_is_made_once_and_its_private_part_is_not_published(algorithm):
    key = signing_key(algorithm)
    assert signing_key(algorithm) is key
    published = {each["kid"]: each for each in KeyRing().jwks()["keys"]}[key.kid]
    assert published["alg"] == algorithm
    assert "d" not in published


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_a_foreign_key_has_the_same_kid_and_another_key(algorithm):
    assert foreign_key(algorithm).kid == signing_key(algorithm).kid
    assert foreign_key(algorithm).as_dict(private=False) != signing_key(algorithm).as_dict(private=False)
    assert sign(b"x", signing_key(algorithm), algorithm)


def test_an_unknown_algorithm_is_rejected():
    with pytest.raises(ValueError, match="unknown signing algorithm 'HS256'; expected one of ES256"):
        signing_key("HS256")


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
