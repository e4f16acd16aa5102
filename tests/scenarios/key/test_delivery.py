"""The shapes in which a key is delivered, and pieces of it in an error."""

import pytest

from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind
from oauth_gauntlet_scenarios.key.test_delivery import _DELIVERIES, _leaks

PEM = private_pem("rsa")


def error(message):
    return ErrorInfo(kind=ErrorKind.CONFIG, message=message)


@pytest.mark.parametrize("shape", [*_DELIVERIES])
def test_each_shape_of_a_key_is_found_in_an_error(shape):
    _, delivered = _DELIVERIES[shape]
    assert _leaks(error(f"there is no file {delivered(PEM)!r}"), PEM)
    assert _leaks(error(f"cannot read: {delivered(PEM)[600:]}"), PEM)


@pytest.mark.parametrize(
    "message",
    ["expected a private key in PEM", "found -----BEGIN PRIVATE KEY-----", f"found {PEM[:200]}...", f"found {PEM[-30:]}"],
    ids=["nothing", "header", "the modulus, which is public", "footer"],
)
def test_what_is_public_may_stand_in_an_error(message):
    assert not _leaks(error(message), PEM)


def test_no_shape_is_the_key_as_it_was():
    assert PEM not in [delivered(PEM) for _, delivered in _DELIVERIES.values()]
