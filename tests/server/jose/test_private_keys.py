"""Private keys of one's own, made by cryptography and by openssl."""

import json
import shutil
import subprocess

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from oauth_gauntlet_server.jose.keys import new_signing_key, sign
from oauth_gauntlet_server.jose.private_keys import own_signing_key

RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()
# RFC 8037 A.1 and A.3: a key, and its thumbprint.
OKP = {
    "kty": "OKP",
    "crv": "Ed25519",
    "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
}
OKP_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def pem(key, encryption=None, form=PrivateFormat.PKCS8):
    return key.private_bytes(Encoding.PEM, form, encryption or NoEncryption()).decode()


@pytest.mark.parametrize(("native", "algorithm"), [(RSA, "RS256"), (P256, "ES256"), (ED25519, "EdDSA")])
def test_a_pem_signs_with_the_algorithm_of_its_key(native, algorithm):
    key = own_signing_key(pem(native))
    assert (key.alg, key.kid, key.get("use")) == (algorithm, key.thumbprint(), "sig")
    header = jwt.utils.base64url_encode(json.dumps({"alg": algorithm}).encode()) + b"."
    token = (header + b"." + jwt.utils.base64url_encode(sign(header, key, algorithm))).decode()
    assert jwt.PyJWS().decode(token, native.public_key(), algorithms=[algorithm]) == b""


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_jwk_keeps_its_kid_and_a_jwk_without_one_has_the_thumbprint(algorithm):
    made = new_signing_key(algorithm)
    jwk = made.as_dict(private=True)
    assert own_signing_key(jwk).as_dict(private=True) == jwk
    assert own_signing_key(json.dumps(jwk)).kid == made.kid
    assert own_signing_key({**jwk, "kid": "mine"}).kid == "mine"
    del jwk["kid"], jwk["alg"], jwk["use"]
    assert own_signing_key({**jwk, "key_ops": ["sign"]}).as_dict(private=True) == made.as_dict(private=True)


def test_the_thumbprint_is_that_of_the_specification():
    assert own_signing_key(OKP).kid == OKP_THUMBPRINT


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize(
    ("command", "algorithm"),
    [
        ("genrsa 2048", "RS256"),
        ("genrsa -traditional 2048", "RS256"),
        ("ecparam -name prime256v1 -genkey", "ES256"),
        ("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", "ES256"),
        ("genpkey -algorithm ed25519", "EdDSA"),
    ],
)
def test_what_openssl_writes_is_read(command, algorithm):
    made = subprocess.run(["openssl", *command.split()], capture_output=True, text=True, timeout=120, check=True)
    assert own_signing_key(made.stdout).alg == algorithm


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "it is not the PEM of a key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "it is not the PEM of a key"),
        (RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), "contains a public key"),
        (pem(RSA, BestAvailableEncryption(b"secret")), "the PEM is encrypted"),
        (pem(rsa.generate_private_key(65537, 1024)), "an RSA key of 1024 bits; expected 2048 or more"),
        (pem(ec.generate_private_key(ec.SECP384R1())), "a key of the curve secp384r1"),
        ("{", "the JWK is not JSON"),
        ("{" * 100_000, "the JWK is not JSON"),
        ({}, "a JWK with kty None"),
        ({"kty": "oct", "k": "c2VjcmV0"}, "a JWK with kty 'oct'"),
        (new_signing_key("ES256").as_dict(private=False), "the JWK is a public key"),
        ({"kty": "EC", "d": 1}, "the JWK does not describe a key"),
        ({**OKP, "d": "AA"}, "the JWK does not describe a key"),
        ({**OKP, "alg": "ES256"}, "the JWK has the alg 'ES256'; with this key the server signs with EdDSA"),
        ({**OKP, "kid": 1}, "the JWK has the kid 1; expected a text"),
        ({**OKP, "kid": ""}, "expected a text"),
    ],
)
def test_another_text_or_object_is_refused_in_one_line_that_names_no_secret(source, words):
    with pytest.raises(ValueError, match=words) as caught:
        own_signing_key(source)
    assert "\n" not in str(caught.value)
    assert OKP["d"] not in str(caught.value)
