from xml.etree import ElementTree

import pytest

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.badge import badge_report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        (["pass", "pass", "not_applicable"], "conforms (2/2)"),
        (["pass", "warn"], "conforms, with warnings (1/2)"),
        (["fail", "fail"], "2 requirements broken"),
        (["fail", "warn", "pass"], "1 requirement broken"),
        (["pass", "error"], "not judged completely (1/2)"),
        ([], "not judged completely (0/0)"),
    ],
)
def test_the_text(make_result, make_run, verdicts, words):
    results = [make_result(Verdict(each), name=f"a.x{number}") for number, each in enumerate(verdicts)]
    root = ElementTree.fromstring(badge_report(make_run(*results)))
    assert [each.text for each in root.iter(f"{SVG}text")] == ["oauth-gauntlet", words]
    assert root.get("aria-label") == f"oauth-gauntlet: {words}"


def test_a_hostile_name_is_only_text(hostile_run):
    root = ElementTree.fromstring(badge_report(hostile_run).encode())
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {"svg", "title", "rect", "path", "g", "text"}
    assert "<script>alert(1)</script>" in root.find(f"{SVG}title").text
