"""The remedies: exactly one for each requirement, short and specific."""

import re
import tomllib
from collections import Counter

import pytest

from oauth_gauntlet_reports.advice.remedy import FOLDER, Span, remedies, remedy, spans
from oauth_gauntlet_scenarios.catalogue import scenarios

FILES = sorted(FOLDER.iterdir())
ENTRIES = [(path, entry) for path in FILES for entry in tomllib.loads(path.read_text(encoding="utf-8"))["remedy"]]
IDS = [scenario.requirement.id for scenario in scenarios()]
EMPTY = re.compile(
    r"\b(properly|correctly|appropriate\w*|make sure|ensure|simply|just|please|best practices?|as needed|robust\w*|"
    r"should be handled|handle it|take care|be careful|follow the (rfc|spec\w*))\b",
    re.IGNORECASE,
)


def texts(entry):
    return [entry["text"], *(each["how"] for each in entry.get("example", ()))]


def test_each_requirement_has_exactly_one_remedy():
    given = Counter(name for _, entry in ENTRIES for name in entry["of"])
    assert sorted(set(IDS) - set(given)) == [], "write a remedy: reports/oauth_gauntlet_reports/advice/remedies/CATEGORY.toml"
    assert sorted(set(given) - set(IDS)) == [], "these requirements are not in the catalogue: delete their remedies"
    assert [name for name, count in given.items() if count > 1] == []
    assert set(remedies()) == set(IDS)


@pytest.mark.parametrize(("path", "entry"), ENTRIES, ids=[entry["of"][0] for _, entry in ENTRIES])
def test_an_entry_is_short_complete_and_specific(path, entry):
    assert set(entry) in ({"of", "text"}, {"of", "text", "example"})
    assert entry["of"][0].startswith(f"{path.stem}.")
    assert 60 <= len(" ".join(entry["text"].split())) <= 360
    assert len(entry.get("example", ())) <= 3
    for example in entry.get("example", ()):
        assert set(example) == {"how", "seen"}
        assert len(" ".join(example["how"].split())) <= 200
        # The place in the client: a version, or an issue.
        assert re.search(r"\d|#|tried", example["seen"])
    for text in texts(entry):
        assert text.count("`") % 2 == 0
        assert text.strip()[-1] == "."
        assert EMPTY.search(text) is None, EMPTY.search(text)


def test_an_unknown_requirement_has_no_remedy():
    assert remedy("auth.basic-form-urlencoded") is not None
    for name in ("auth.never-heard-of", "", "../auth", "auth"):
        assert remedy(name) is None


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", [("plain", False)]),
        ("`a` and `b`.", [("a", True), (" and ", False), ("b", True), (".", False)]),
        ("a ` alone", [("a ` alone", False)]),
        ("", []),
    ],
)
def test_text_between_backticks_is_code(text, pieces):
    assert list(spans(text)) == [Span(text=piece, code=code) for piece, code in pieces]
