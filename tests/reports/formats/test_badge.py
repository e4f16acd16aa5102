from xml.etree import ElementTree

import pytest

from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.formats.badge import badge_report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["pass", "pass", "not_applicable"], "meets 2 of 2 RFC requirements"),
        (["pass", "warning"], "meets 2 of 2 RFC requirements, 1 warning"),
        (["violation", "violation"], "2 violations"),
        (["violation", "hazard", "warning", "pass"], "1 violation, 1 hazard"),
        (["pass", "error"], "not judged completely"),
        ([], "not judged completely"),
    ],
)
def test_the_text(make_result, make_run, verdicts, words):
    results = [make_result(Verdict(each), name=f"a.x{number}") for number, each in enumerate(verdicts)]
    root = ElementTree.fromstring(badge_report(make_run(*results)))
    assert [each.text for each in root.iter(f"{SVG}text")] == ["oauth-gauntlet", words]
    assert root.get("aria-label") == f"oauth-gauntlet: {words}"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "1 known failure"),
        ([Verdict.PASS, Verdict.WARNING], "1 known failure"),
        ([Verdict.ERROR], "1 known failure"),
        ([Verdict.HAZARD], "1 violation, 1 hazard"),
    ],
)
def test_what_the_baseline_knows_is_never_hidden(make_result, make_run, more, words):
    others = [make_result(verdict, name=f"a.x{number}") for number, verdict in enumerate(more)]
    document = badge_report(make_run(make_result(expected={"reason": "r"}), *others))
    assert f">{words}</text>" in document
    assert "#2c7a3f" not in document


def test_a_deviation_from_a_profile_is_counted_apart(make_result, make_run):
    deviation = make_result(Verdict.DEVIATION, level=Level.PROFILE, profile="p")
    assert ">1 deviation</text>" in badge_report(make_run(deviation, make_result(Verdict.PASS, name="a.b")))


def test_a_hostile_name_is_only_text(hostile_run):
    root = ElementTree.fromstring(badge_report(hostile_run).encode())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert "<script>alert(1)</script>" in root.find(f"{SVG}title").text
