import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.key_material import KEY_PASSWORD, private_key, private_pem, public_pem
from oauth_gauntlet.reference.keys import algorithms_for, load_private_key


@pytest.mark.parametrize("kind", ["rsa", "ec", "ed25519"])
@pytest.mark.parametrize("form", ["pkcs8", "traditional"])
@pytest.mark.parametrize("password", [None, KEY_PASSWORD])
def test_every_format_of_a_key_is_read(kind, form, password):
    if kind == "ed25519" and form == "traditional":
        form = "pkcs8"  # there is no other form of it
    key = load_private_key(private_pem(kind, form=form, password=password), password)
    assert key.public_key() == private_key(kind).public_key()


def test_a_pasted_key_is_read():
    pasted = "\r\n\r\n  " + private_pem("ec").replace("\n", "\r\n  ") + "\r\n"
    assert load_private_key(pasted, None).public_key() == private_key("ec").public_key()


def test_a_password_for_an_unencrypted_key_is_ignored():
    assert load_private_key(private_pem("ec"), "unused")


@pytest.mark.parametrize(
    ("pem", "password", "words"),
    [
        (private_pem("rsa", password=KEY_PASSWORD), None, "private_key_password is missing"),
        (private_pem("rsa", password=KEY_PASSWORD), "wrong", "is private_key_password right?"),
        (public_pem("rsa"), None, "expected a private key in PEM"),
        ("no key", None, "expected a private key in PEM"),
        (private_pem("ec")[:100], None, "expected a private key in PEM"),
        (private_pem("rsa-1024"), None, "1024 bits is too weak"),
    ],
    ids=["no password", "wrong password", "public", "text", "cut", "weak"],
)
def test_an_invalid_key_is_rejected_without_quoting_it(pem, password, words):
    with pytest.raises(ClientFailure) as caught:
        load_private_key(pem, password)
    message = caught.value.error.message
    assert words in message
    assert (password or KEY_PASSWORD) not in message
    assert pem[30:60] not in message or pem == "no key"


@pytest.mark.parametrize(("kind", "first"), [("rsa", "RS256"), ("ec", "ES256"), ("ed25519", "EdDSA")])
def test_the_usual_algorithm_is_first(kind, first):
    assert algorithms_for(private_key(kind))[0] == first
