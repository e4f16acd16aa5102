import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from oauth_gauntlet import key_material
from oauth_gauntlet.key_material import KEY_PASSWORD, private_key, private_pem, public_pem

KINDS = ["rsa", "rsa-other", "rsa-1024", "ec", "ed25519"]


@pytest.mark.parametrize(("kind", "bits"), [("rsa", 2048), ("rsa-other", 2048), ("rsa-1024", 1024)])
def test_an_rsa_key_has_two_primes_and_its_full_length(kind, bits):
    key = private_key(kind)
    numbers = key.private_numbers()
    for prime in (numbers.p, numbers.q):
        assert all(pow(base, prime - 1, prime) == 1 for base in (2, 3, 5, 7, 11, 13, 17))
    assert numbers.public_numbers.n.bit_length() == bits
    key.public_key().verify(key.sign(b"m", padding.PKCS1v15(), SHA256()), b"m", padding.PKCS1v15(), SHA256())


def test_no_two_kinds_have_the_same_key():
    assert len({public_pem(kind) for kind in KINDS}) == len(KINDS)


def test_another_process_has_the_same_keys():
    code = f"from oauth_gauntlet.key_material import private_pem\nfor kind in {KINDS}: print(private_pem(kind), end='')"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert found.stdout == "".join(map(private_pem, KINDS))


def test_a_key_can_have_a_password():
    assert "ENCRYPTED" in private_pem("rsa", password=KEY_PASSWORD)


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="unknown kind of key: 'dsa'"):
        key_material.private_key("dsa")
