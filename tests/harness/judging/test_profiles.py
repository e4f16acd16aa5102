import pytest

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging import profiles
from oauth_gauntlet.judging.profiles import known_profiles, not_asked_line, profiles_named
from oauth_gauntlet_scenarios.profiles import SCIM_CONNECTOR


def test_the_installed_scenarios_offer_their_profiles():
    assert known_profiles()["scim-connector"] == SCIM_CONNECTOR
    assert profiles_named(["scim-connector"]) == {"scim-connector"}
    assert profiles_named([]) == set()


def test_an_unknown_name_is_a_usage_error_with_the_nearest_name_and_the_list():
    with pytest.raises(
        UsageError, match=r"^unknown profile 'connector', did you mean scim-connector\? there are scim-connector$"
    ):
        profiles_named(["connector"])
    with pytest.raises(UsageError, match=r"^unknown profile 'x'; there are scim-connector$"):
        profiles_named(["x", "scim-connector"])


def test_a_profile_of_ones_own_scenarios_may_be_named_too():
    assert profiles_named(["acme", "scim-connector"], own=["acme"]) == {"acme", "scim-connector"}
    with pytest.raises(UsageError, match=r"^unknown profile 'acne', did you mean acme\? there are acme, scim-connector$"):
        profiles_named(["acne"], own=["acme"])


def test_without_an_installed_profile_there_are_none(monkeypatch):
    monkeypatch.setattr(profiles, "entry_points", lambda **_: ())
    with pytest.raises(UsageError, match=r"there are none$"):
        profiles_named(["scim-connector"])


def test_the_profiles_that_were_not_asked_are_named_with_their_option():
    assert not_asked_line([]) is None
    assert not_asked_line(["a", "b"]) == "not asked: profile a (--profile a), profile b (--profile b)"
