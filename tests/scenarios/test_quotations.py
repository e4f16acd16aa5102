"""Each requirement quotes what is written, and its level claims no more than its basis carries."""

import pytest
from docs.quotations import (
    Quotation,
    excerpts,
    file_name,
    joined,
    paragraphs_around,
    problem,
    quotations,
    sections,
)

from oauth_gauntlet.model import Binds, Level, Requirement
from oauth_gauntlet.requirement import MUST, PROFILE, SHOULD, UNSAFE, damage, page, practice, quote, rule
from oauth_gauntlet_scenarios.catalogue import scenarios

RFC = """
2.3.  Client Authentication

   If the client type is confidential, the
   client uses a method.  The client MUST NOT

Hardt                        Standards Track                   [Page 15]
\f
RFC 6749                        OAuth 2.0                   October 2012


   use more than one method.

2.3.1.  Client Password

   Other words.

Appendix B.  Encoding

   Encoded in UTF-8.
"""

DRAFT = """# Introduction {#introduction}
## Roles
# Client Registration
## Client Types

Words of 2.1.
--- back
# Extensions
Words of A.
"""


@pytest.mark.parametrize("quotation", quotations(), ids=lambda each: f"{each.by}-{each.basis.place}")
def test_the_quoted_sentence_stands_in_the_text(quotation):
    assert problem(quotation, excerpts()) is None


@pytest.mark.parametrize("scenario", scenarios(), ids=lambda each: each.requirement.id)
def test_the_basis_carries_the_level(scenario):
    assert scenario.requirement.problem() is None
    assert all(each.sentence for each in scenario.requirement.basis)


def test_a_sentence_is_found_across_lines_and_pages():
    found = sections(RFC)
    assert paragraphs_around(found["2.3"], "The client MUST NOT use more than one method.") is not None
    assert paragraphs_around(found["2.3"], "Other words.") is None
    assert joined(found["B"]).endswith("Encoded in UTF-8.")


def test_a_word_broken_at_its_hyphen_is_one_word():
    assert joined("a list of space-\n   delimited strings - or\n   -more") == "a list of space-delimited strings - or -more"


def test_headings_of_a_draft_are_counted():
    found = sections(DRAFT, markdown=True)
    assert paragraphs_around(found["2.1"], "Words of 2.1.") == "Words of 2.1."
    assert paragraphs_around(found["A"], "Words of A.") is not None


@pytest.mark.parametrize(
    ("basis", "expected"),
    [
        (quote("RFC 1 2.3.1", "Other words."), None),
        (quote("RFC 1 2.3", "Other words."), "r: RFC 1 2.3 does not contain 'Other words.'; it is in 2.3.1"),
        (quote("RFC 1 2.3", "No words."), "r: RFC 1 2.3 does not contain 'No words.'; it is nowhere in that document"),
        (quote("RFC 2 1", "Words."), "r: there is no text of 'RFC 2'; use practice(...) for a document that is not at hand"),
    ],
)
def test_a_wrong_quotation_is_named_with_the_right_place(basis, expected):
    assert problem(Quotation(by="r", basis=basis), {file_name("RFC 1"): sections(RFC)}) == expected


@pytest.mark.parametrize(
    ("level", "basis", "carries"),
    [
        (MUST, quote("RFC 1 2", "The client MUST do it."), True),
        (MUST, quote("RFC 1 2", "The parameter is REQUIRED."), True),
        (MUST, rule("RFC 1 2", 'token = "a" / "b"', binds=Binds.SENDER), True),
        (MUST, quote("RFC 1 2", "The server MUST do it.", binds=Binds.SERVER), False),
        (MUST, rule("RFC 1 2", "Values are strings.", binds=Binds.SERVER), False),
        (MUST, quote("RFC 1 2", "The client SHOULD do it."), False),
        (MUST, quote("RFC 1 2", "The client must do it."), False),
        (MUST, practice("Every client MUST do it."), False),
        (MUST, damage("The token MUST stay secret."), False),
        (UNSAFE, damage("The token gets lost."), True),
        (UNSAFE, quote("RFC 1 2", "The client MUST do it."), False),
        (SHOULD, quote("RFC 1 2", "The client should do it."), True),
        (SHOULD, quote("RFC 1 2", "It is NOT RECOMMENDED."), True),
        (SHOULD, practice("Clients should do it."), False),
        (PROFILE, page("the page", "Words."), False),
    ],
)
def test_a_level_claims_no_more_than_its_basis_carries(level: Level, basis, carries):
    declared = Requirement(id="a.b", level=level, basis=(basis,), statement="S.", grants=())
    assert (declared.problem() is None) is carries


def test_a_profile_requirement_names_its_profile():
    declared = {"id": "a.b", "level": PROFILE, "basis": (page("the page", "Words."),), "statement": "S.", "grants": ()}
    assert Requirement(**declared, profile="p").problem() is None
    assert "the name of its profile" in Requirement(**declared).problem()
