import pytest

from oauth_gauntlet_server.decoding.instants import instant, instant_from, span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (1, "1 s"), (-90, "90 s"), (120, "2 min"), (7_199, "120 min"), (7_200, "2 h"), (172_800, "2 days")],
)
def test_a_span_is_given_in_the_largest_unit_that_fits_twice(seconds, text):
    assert span(seconds) == text


def test_an_instant_is_given_with_its_distance_from_now():
    assert instant(0) == "1970-01-01 00:00:00 UTC"
    assert instant(1e18) == "1e+18"
    assert instant(float("inf")) == "inf"
    assert instant_from(60, 0).endswith(", in 60 s")
    assert instant_from(0, 60).endswith(", 60 s ago")
    assert instant_from(0, 10**9).endswith(", 32 years ago")
    assert instant_from(0.5, 0).endswith(", now")
