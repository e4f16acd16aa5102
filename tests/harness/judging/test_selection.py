import pytest

from oauth_gauntlet.judging.selection import Selection, grants_named, place_in_run
from oauth_gauntlet.model import Level, Requirement, RequirementSet
from oauth_gauntlet.model.basis import practice, quote
from oauth_gauntlet.protocol import GrantType

EVERYTHING = RequirementSet(name="all", version="1", title="")


def selected(**narrowed):
    return Selection(requirements=EVERYTHING, **narrowed)


def required(level=Level.INTEROP, **more):
    return Requirement(id="a.b", level=level, basis=(practice("some server"),), statement="", grants=(), **more)


def covered(selection):
    levels = [level for level in Level if level is not Level.PROFILE]
    return {str(level) for level in levels if selection.covers(required(level), GrantType.PASSWORD)}


@pytest.mark.parametrize(
    ("level", "levels"),
    [
        (None, {"must", "unsafe", "should", "interop"}),
        ("should", {"must", "unsafe", "should"}),
        ("unsafe", {"must", "unsafe"}),
        ("must", {"must"}),
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


RFC = RequirementSet(name="rfc", version="1", title="", ids=frozenset({"x.y"}))


def test_a_requirement_of_a_profile_is_covered_only_if_its_profile_is_asked():
    ours, other = required(Level.PROFILE, profile="mine"), required(Level.PROFILE, profile="other")
    for narrowed in ({}, {"requirements": RFC}, {"level": "must"}):
        asked = Selection(**{"requirements": EVERYTHING, "profiles": frozenset({"mine"}), **narrowed})
        assert asked.covers(ours, GrantType.PASSWORD)
        assert not asked.covers(other, GrantType.PASSWORD)
    assert not selected().covers(ours, GrantType.PASSWORD)
    of_another_grant = selected(profiles=frozenset({"mine"}), grants=frozenset({GrantType.REFRESH_TOKEN}))
    assert not of_another_grant.covers(ours, GrantType.PASSWORD)


def test_declared_profiles_are_asked_unless_a_set_or_a_level_is_requested():
    assert selected(profiles=frozenset({"a"})).with_declared(["b"]).profiles == {"a", "b"}
    assert selected(level="must", profiles=frozenset({"a"})).with_declared(["b"]).profiles == {"a"}
    assert Selection(requirements=RFC).with_declared(["b"]).profiles == set()


def test_a_set_that_raises_a_level_decides_what_the_level_is():
    sentence = quote("OAuth 2.1 5.1", "clients MUST NOT send the access token in a URI query parameter")
    strict = RequirementSet(name="draft", version="1", title="", raised={"a.b": (Level.MUST, sentence)})
    assert Selection(requirements=strict, level="must").covers(required(), GrantType.PASSWORD)
    judged = strict.judged(required())
    assert (judged.level, judged.basis) == (Level.MUST, (sentence, practice("some server")))
    assert judged.problem() is None
    as_it_is = EVERYTHING.judged(required())
    assert (as_it_is.level, as_it_is.basis) == (required().level, required().basis)


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


def test_the_sanity_exchanges_are_first_and_last_and_what_waits_comes_early():
    waiting = {"sanity.last": False, "a.b": False, "c.d": True, "sanity.first": False}
    in_order = sorted(waiting, key=lambda each: place_in_run(each, waits=waiting[each]))
    assert in_order == ["sanity.first", "c.d", "a.b", "sanity.last"]
