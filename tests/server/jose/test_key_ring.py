import threading

import pytest

from oauth_gauntlet_server.jose.key_ring import MOST_REPLACED, KeyRing
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS


def test_a_key_is_made_when_it_is_needed():
    ring = KeyRing()
    assert ring.published("ES256") == ()
    key = ring.current("ES256")
    assert ring.current("ES256") is key
    assert ring.published("ES256") == (key,)
    assert ring.published("EdDSA") == ()


def test_many_first_requests_make_one_key():
    ring, found, ready = KeyRing(), [], threading.Barrier(8)

    def first():
        ready.wait()
        found.append(ring.current("RS256"))

    threads = [threading.Thread(target=first) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(key) for key in found}) == 1


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_two_tenants_share_no_key(algorithm):
    assert KeyRing().current(algorithm).kid != KeyRing().current(algorithm).kid


def test_the_set_has_the_key_of_the_algorithm_and_those_that_were_needed():
    ring = KeyRing()
    assert [key["alg"] for key in ring.jwks("EdDSA")["keys"]] == ["EdDSA"]
    assert [key["alg"] for key in ring.jwks("ES256")["keys"]] == ["ES256", "EdDSA"]
    assert all("d" not in key for key in ring.jwks("ES256")["keys"])


def test_a_rotation_keeps_a_limited_number_of_old_keys():
    ring = KeyRing()
    kids = [ring.current("EdDSA").kid, *(ring.rotate("EdDSA").kid for _ in range(MOST_REPLACED + 3))]
    assert len(set(kids)) == len(kids)
    assert ring.current("EdDSA").kid == kids[-1]
    assert [key.kid for key in ring.published("EdDSA")] == kids[::-1][: MOST_REPLACED + 1]
    assert ring.published("ES256") == ()


def test_a_rotation_can_remove_all_old_keys():
    ring = KeyRing()
    ring.rotate("ES256")
    key = ring.rotate("ES256", keep_old=False)
    assert ring.published("ES256") == (key,)


def test_a_key_that_is_used_again_is_published_once():
    ring = KeyRing()
    first, second = ring.rotate("EdDSA"), ring.rotate("EdDSA")
    ring.use(first)
    assert ring.published("EdDSA") == (first, second)


@pytest.mark.parametrize("ask", [KeyRing.current, KeyRing.rotate, KeyRing.jwks])
def test_an_unknown_algorithm_is_rejected(ask):
    with pytest.raises(ValueError, match="unknown signing algorithm 'HS256'; expected one of ES256"):
        ask(KeyRing(), "HS256")
