"""Requirement sets: each has a name, is frozen, and contains what its rule finds."""

import tomllib
from pathlib import Path

import pytest
from docs.requirement_sets import derived_ids, differences, with_content

import oauth_gauntlet_scenarios
from oauth_gauntlet import __version__
from oauth_gauntlet.model import Binds, Level, Requirement
from oauth_gauntlet.model.basis import damage, quote, rule
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.not_observable import NOT_OBSERVABLE
from oauth_gauntlet_scenarios.requirement_sets import digest, raised_in, requirement_set, requirement_sets

FILES = sorted((Path(oauth_gauntlet_scenarios.__file__).parent / "sets").glob("*.toml"))
KNOWN = {scenario.requirement.id: scenario.requirement for scenario in scenarios()}


def test_names_of_the_sets():
    assert list(requirement_sets()) == ["all", "oauth-2.1-draft", "rfc6749", "rfc9700"]
    assert requirement_set("all").to_json() == {"name": "all", "version": __version__}
    assert requirement_set("all").title == "The whole catalogue"
    assert requirement_set("all").covers("anything.at-all", GrantType.PASSWORD)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_set_has_the_content_of_its_file(path):
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    found = requirement_set(path.stem)
    assert (found.name, found.version, found.title) == (path.stem, document["version"], document["title"])
    assert found.ids == set(document["ids"])
    assert {grant.short for grant in found.grants} == set(document["grants"])
    assert found.raised == raised_in(document)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_set_is_frozen(path):
    document = tomllib.loads(path.read_text())
    found = digest(document["ids"], document["grants"], raised_in(document))
    assert document["digest"] == found, f"the set {path.stem} has changed: raise its version, and enter the digest {found}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_id_of_a_set_exists_and_applies_to_one_of_its_grants(path):
    found = requirement_set(path.stem)
    assert found.ids - set(KNOWN) == set()
    assert [name for name in found.ids if not found.grants & set(KNOWN[name].grants)] == []


def test_every_set_has_the_ids_that_its_rule_finds():
    assert list(differences()) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_set_raises_and_leaves_out_only_what_exists_with_a_basis_for_the_level(path):
    document = tomllib.loads(path.read_text())
    assert {*raised_in(document), *document.get("left_out", {})} - set(KNOWN) == set()
    for name in raised_in(document):
        judged = requirement_set(path.stem).judged(KNOWN[name])
        assert judged.problem() is None
        assert list(Level).index(judged.level) < list(Level).index(KNOWN[name].level)


def test_a_token_in_the_query_is_forbidden_by_the_draft_and_by_rfc_9700():
    for name, document in (("oauth-2.1-draft", "OAuth 2.1"), ("rfc9700", "RFC 9700")):
        judged = requirement_set(name).judged(KNOWN["resource.not-in-query"])
        assert (judged.level, judged.basis[0].document) == (Level.MUST, document)


CLIENT_SENTENCE, SERVER_SENTENCE = (quote("RFC 1 2.3", "It MUST be so.", binds=binds) for binds in (Binds.CLIENT, Binds.SERVER))


@pytest.mark.parametrize(
    ("level", "basis", "belongs"),
    [
        ("must", CLIENT_SENTENCE, True),
        ("must", rule("RFC 1 2.3", "It is encoded so."), True),
        ("must", SERVER_SENTENCE, False),
        ("must", quote("RFC 2 2.3", "It MUST be so."), False),
        ("must", quote("RFC 1 2.3", "It SHOULD be so."), False),
        ("should", quote("RFC 1 2.3", "It SHOULD be so."), True),
        ("interop", CLIENT_SENTENCE, False),
        ("unsafe", SERVER_SENTENCE, True),
        ("unsafe", damage("A token is lost."), False),
    ],
)
def test_a_set_contains_what_its_documents_demand_or_recommend(level, basis, belongs):
    requirement = Requirement(id="a.b", level=Level(level), basis=(basis,), statement="", grants=(GrantType.PASSWORD,))
    document = {"documents": ["RFC 1"], "grants": ["password"]}
    assert ("a.b" in derived_ids(document, [requirement])) is belongs
    assert "a.b" not in derived_ids({**document, "grants": ["refresh_token"]}, [requirement])
    assert "a.b" not in derived_ids({**document, "left_out": {"a.b": "because"}}, [requirement])


def test_the_content_of_a_file_is_replaced_and_nothing_else():
    text = '# why\nversion = "1"\ndigest = ""\ngrants = ["password"]\nids = [\n  "x.y",\n]\n\n[left_out]\n"c.d" = "]"\n'
    found = digest(["a.b", "e.f"], ["password"], {})
    written = text.replace('"1"', '"2"').replace('digest = ""', f'digest = "{found}"').replace('"x.y"', '"a.b",\n  "e.f"')
    assert with_content(text, {"e.f", "a.b"}, "2") == written


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("rfc674", "'rfc674', did you mean rfc6749?"),
        ("rfc97", "'rfc97', did you mean rfc9700?"),
        ("oauth2", "'oauth2', did you mean oauth-2.1-draft?"),
        ("x", "'x';"),
    ],
)
def test_an_unknown_set_is_an_error_with_the_nearest_name(name, message):
    with pytest.raises(ValueError, match=r"^unknown set") as caught:
        requirement_set(name)
    there_are = "there are all, oauth-2.1-draft, rfc6749, rfc9700"
    assert str(caught.value) == f"unknown set of requirements {message} {there_are}"


def test_no_scenario_has_an_id_that_is_not_observable():
    assert set(NOT_OBSERVABLE) & set(KNOWN) == set()
