"""Each requirement has a damage on purpose: by its category, or by its own line where it differs."""

from collections import Counter

from oauth_gauntlet.model import Damage, Level
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.damages import BY_NAME, DAMAGES
from oauth_gauntlet_scenarios.requirement_sets import requirement_sets

REQUIREMENTS = {scenario.requirement.id: scenario.requirement for scenario in scenarios()}
CATEGORIES = {each.category for each in REQUIREMENTS.values()}


def test_each_category_has_one():
    assert {name for name in BY_NAME if "." not in name} == CATEGORIES


def test_each_exception_is_a_requirement_with_other_damage_than_its_category():
    exceptions = {name for name in BY_NAME if "." in name}
    assert exceptions <= set(REQUIREMENTS)
    assert [name for name in exceptions if BY_NAME[name] is BY_NAME[name.partition(".")[0]]] == []


def test_no_name_is_listed_twice():
    assert [name for name, count in Counter(name for names in DAMAGES.values() for name in names).items() if count > 1] == []


def test_names_are_sorted():
    assert all(list(names) == sorted(names) for names in DAMAGES.values())


def test_a_hazard_loses_or_mixes_up_something():
    hazards = [each for each in REQUIREMENTS.values() if each.level is Level.UNSAFE]
    damages = {each.id: BY_NAME.get(each.id, BY_NAME[each.category]) for each in hazards}
    assert set(damages.values()) == {Damage.SECRET, Damage.IDENTITY, Damage.FALSE_TOKEN}, damages


def test_every_set_judges_with_this_damage():
    for each in requirement_sets().values():
        assert each.judged(REQUIREMENTS["http.downgrade"]).damage is Damage.SECRET
        assert each.judged(REQUIREMENTS["http.host"]).damage is Damage.NO_TOKEN
