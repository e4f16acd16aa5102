import pytest

from oauth_gauntlet.judging.selection import Selection, grants_named, sanity_first_and_last
from oauth_gauntlet.model import Level, Requirement, RequirementSet
from oauth_gauntlet.protocol import GrantType

EVERYTHING = RequirementSet(name="all", version="1", title="")


def selected(**narrowed):
    return Selection(requirements=EVERYTHING, **narrowed)


def covered(selection):
    return {
        str(level)
        for level in Level
        if selection.covers(Requirement(id="a.b", level=level, source="", statement="", grants=()), GrantType.PASSWORD)
    }


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        (None, {"must", "should", "interop", "connector"}),
        ("should", {"must", "should", "connector"}),
        ("must", {"must", "connector"}),
    ],
)
def test_a_level_includes_the_levels_above_it(level, levels):
    assert covered(selected(level=level)) == levels


def test_a_grant_excludes_the_others():
    assert covered(selected(grants=frozenset({GrantType.REFRESH_TOKEN}))) == set()


def test_a_set_excludes_other_requirements_and_other_grants():
    judged = RequirementSet(name="mine", version="2", title="", ids=frozenset({"a.b"}), grants=frozenset({GrantType.PASSWORD}))
    assert covered(Selection(requirements=judged))
    assert judged.covers("a.b", GrantType.PASSWORD)
    assert not judged.covers("a.b", GrantType.REFRESH_TOKEN)
    assert not judged.covers("a.c", GrantType.PASSWORD)
    assert judged.to_json() == {"name": "mine", "version": "2"}


def test_only_restrictions_are_reported():
    assert selected().to_json() is None
    assert (selected().grants, selected().level, selected().keyword) == (frozenset(), None, None)
    assert selected(grants=grants_named(["jwt-bearer"]), level="must", keyword="parse").to_json() == {
        "grants": [str(GrantType.JWT_BEARER)],
        "level": "must",
        "keyword": "parse",
    }


def test_grants_have_a_short_and_a_registered_name():
    assert grants_named(["jwt-bearer", "password"]) == grants_named([str(GrantType.JWT_BEARER), "password"])
    with pytest.raises(ValueError, match="unknown grant 'implicit'; there are refresh_token, client_credentials"):
        grants_named(["implicit"])


def test_the_sanity_exchanges_are_first_and_last():
    assert sorted(["sanity.last", "a.b", "sanity.first"], key=sanity_first_and_last) == ["sanity.first", "a.b", "sanity.last"]
