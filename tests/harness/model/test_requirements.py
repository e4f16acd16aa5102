"""Levels with their verdicts, what a requirement needs, and how a set judges it."""

import pytest

from oauth_gauntlet.model import Damage, Level, Requirement, RequirementSet
from oauth_gauntlet.model.basis import damage, page, practice, quote, rule
from oauth_gauntlet.protocol import GrantType


def required(level=Level.MUST, *basis, **more):
    return Requirement(**{"id": "a.b", "level": level, "basis": basis, "statement": "", "grants": (), **more})


MUST = quote("RFC 6749 5.1", "The client MUST do so.")
SHOULD = quote("RFC 6749 5.1", "The client SHOULD do so.")


@pytest.mark.parametrize(
    ("level", "breach", "binding"),
    [
        (Level.MUST, "violation", True),
        (Level.UNSAFE, "hazard", True),
        (Level.PROFILE, "deviation", True),
        (Level.SHOULD, "warning", False),
        (Level.INTEROP, "warning", False),
    ],
)
def test_each_level_has_its_verdict_on_a_client_that_deviates(level, breach, binding):
    assert (level.breach, level.binding) == (breach, binding)


def test_a_requirement_needs_nothing_by_default():
    requirement = Requirement(id="a.b", level=Level.MUST, basis=(), statement="", grants=())
    assert (requirement.parameters, requirement.capabilities, requirement.auth_methods) == (set(), set(), set())
    assert requirement.needed == []
    assert (requirement.covered_by, requirement.refused_as, requirement.platform, requirement.damage) == ((), (), False, None)


def test_a_set_contains_everything_by_default():
    everything = RequirementSet(name="all", version="1", title="")
    assert (everything.ids, everything.grants) == (None, set(GrantType))
    assert all(everything.covers("a.b", grant) for grant in GrantType)


def test_a_requirement_lists_its_needs_sorted():
    requirement = Requirement(
        id="use.retry",
        level=Level.INTEROP,
        basis=(practice("Servers do so."),),
        statement="It tries again.",
        grants=(GrantType.PASSWORD, GrantType.JWT_BEARER),
        parameters=frozenset({"scope", "ca_file"}),
        capabilities=frozenset({"retry_401", "cache"}),
        auth_methods=frozenset({"none"}),
    )
    assert requirement.needed == ["ca_file", "cache", "none", "retry_401", "scope"]
    assert requirement.to_json() == {
        "id": "use.retry",
        "category": "use",
        "level": "interop",
        "profile": None,
        "source": "practice",
        "basis": [{"kind": "practice", "document": "", "section": "", "sentence": "Servers do so.", "binds": "nobody"}],
        "statement": "It tries again.",
        "grants": ["password", "urn:ietf:params:oauth:grant-type:jwt-bearer"],
        "needs": {
            "parameters": ["ca_file", "scope"],
            "capabilities": ["cache", "retry_401"],
            "token_endpoint_auth_methods": ["none"],
        },
    }


@pytest.mark.parametrize("name", ["parse", "parse.expires-in-odd", "parse.a.b"])
def test_the_category_is_the_first_word_of_the_id(name):
    assert required(id=name).category == "parse"


@pytest.mark.parametrize(
    ("level", "basis", "profile"),
    [
        (Level.MUST, MUST, None),
        (Level.MUST, rule("RFC 6749 A.1", "client-id = *VSCHAR"), None),
        (Level.UNSAFE, damage("The token is lost."), None),
        (Level.SHOULD, SHOULD, None),
        (Level.INTEROP, practice("Servers do so."), None),
        (Level.PROFILE, page("Connector", "The client does so."), "connector"),
    ],
)
def test_a_basis_that_carries_the_level_is_no_problem(level, basis, profile):
    assert required(level, basis, profile=profile).problem() is None
    assert required(level, practice("Others do so."), basis, profile=profile).problem() is None


@pytest.mark.parametrize(
    ("level", "basis", "profile", "words"),
    [
        (Level.MUST, SHOULD, None, "level must needs a quoted sentence with MUST, SHALL or REQUIRED, or a rule of form, that"),
        (Level.UNSAFE, MUST, None, "level unsafe needs a basis `damage`: what is lost"),
        (
            Level.SHOULD,
            practice("Servers do so."),
            None,
            "level should needs a quoted sentence with SHOULD or RECOMMENDED that",
        ),
        (Level.PROFILE, page("Connector", "The client does so."), None, "level profile needs the name of its profile, and a"),
        (
            Level.PROFILE,
            practice("Servers do so."),
            "connector",
            "level profile needs the name of its profile, and a basis `page`",
        ),
    ],
)
def test_a_basis_that_does_not_carry_the_level_is_named(level, basis, profile, words):
    assert required(level, basis, profile=profile).problem().startswith(words)


@pytest.mark.parametrize("level", list(Level))
def test_a_requirement_without_a_basis_carries_no_level(level):
    assert required(level, profile="connector").problem() == "it has no basis"


DAMAGES = {"a": Damage.BURDEN, "a.b": Damage.SECRET}


@pytest.mark.parametrize(
    ("damages", "identifier", "own", "judged"),
    [
        (DAMAGES, "a.b", Damage.HANG, Damage.HANG),
        (DAMAGES, "a.b", None, Damage.SECRET),
        (DAMAGES, "a.c", None, Damage.BURDEN),
        (DAMAGES, "d.e", None, Damage.NO_TOKEN),
        ({}, "a.b", None, Damage.NO_TOKEN),
    ],
)
def test_the_damage_is_that_of_the_requirement_or_of_its_id_or_of_its_category(damages, identifier, own, judged):
    everything = RequirementSet(name="all", version="1", title="", damages=damages)
    assert everything.judged(required(id=identifier, damage=own)).damage is judged


def test_a_set_raises_the_level_of_the_requirements_that_it_names_and_gives_its_sentence_first():
    raising = RequirementSet(name="s", version="1", title="", raised={"a.b": (Level.MUST, MUST)})
    own = practice("Servers do so.")
    raised, other = (raising.judged(required(Level.INTEROP, own, id=name)) for name in ("a.b", "a.c"))
    assert (raised.level, raised.basis) == (Level.MUST, (MUST, own))
    assert (other.level, other.basis) == (Level.INTEROP, (own,))


def test_a_set_is_named_in_the_results():
    named = RequirementSet(name="s", version="2", title="t", ids=frozenset({"a.b"}))
    assert (named.to_json(), named.everything) == ({"name": "s", "version": "2"}, False)
    assert RequirementSet(name="all", version="1", title="").everything
