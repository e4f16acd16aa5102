import pytest

from oauth_gauntlet_server.jose.key_ring import MOST_REPLACED, KeyRing
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, signing_key


def test_the_first_keys_are_those_of_the_process():
    ring = KeyRing()
    for algorithm in SIGNING_ALGORITHMS:
        assert ring.current(algorithm) is signing_key(algorithm)
    assert [key["alg"] for key in ring.jwks()["keys"]] == list(SIGNING_ALGORITHMS)
    assert all("d" not in key for key in ring.jwks()["keys"])


def test_a_rotation_keeps_a_limited_number_of_old_keys():
    ring = KeyRing()
    kids = [ring.current("EdDSA").kid, *(ring.rotate("EdDSA").kid for _ in range(MOST_REPLACED + 3))]
    assert len(set(kids)) == len(kids)
    assert ring.current("EdDSA").kid == kids[-1]
    assert [key.kid for key in ring.published("EdDSA")] == kids[::-1][: MOST_REPLACED + 1]
    assert ring.current("ES256") is signing_key("ES256")


def test_a_rotation_can_remove_all_old_keys():
    ring = KeyRing()
    ring.rotate("ES256")
    key = ring.rotate("ES256", keep_old=False)
    assert ring.published("ES256") == (key,)


def test_an_unknown_algorithm_is_rejected():
    with pytest.raises(ValueError, match="unknown signing algorithm 'HS256'; expected one of ES256"):
        KeyRing().rotate("HS256")
