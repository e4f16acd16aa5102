import pytest

from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.judging import requirement_sets
from oauth_gauntlet.judging.requirement_sets import named_requirement_set


def test_the_installed_scenarios_offer_their_sets():
    assert "sanity.first" in named_requirement_set("rfc6749").ids
    assert named_requirement_set("all").ids is None


def test_an_unknown_name_is_a_usage_error_with_the_nearest_name():
    with pytest.raises(UsageError, match="unknown set of requirements 'rfc6479', did you mean rfc6749"):
        named_requirement_set("rfc6479")


def test_without_an_installed_set_the_error_names_the_entry_point(monkeypatch):
    monkeypatch.setattr(requirement_sets, "entry_points", lambda **_: ())
    with pytest.raises(HarnessError, match=r"oauth_gauntlet\.requirement_sets; install oauth-gauntlet again"):
        named_requirement_set("all")
