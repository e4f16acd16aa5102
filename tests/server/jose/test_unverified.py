import jwt
import pytest

from oauth_gauntlet_server.jose.unverified import claims_in


def test_the_claims_of_a_jwt_are_read_whoever_signed_it():
    assert claims_in(jwt.encode({"a": [1]}, "s" * 32)) == {"a": [1]}


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.!.c", "a.bm8.c", "a.WzFd.c", "é.é.é", "a." + "W1tb" * 30_000 + ".c"])
def test_another_text_has_none(text):
    assert claims_in(text) == {}
