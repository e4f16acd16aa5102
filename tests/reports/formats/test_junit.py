from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model import Finding, Mark, Verdict
from oauth_gauntlet_reports.evidence.bounded import MOST_EVIDENCE
from oauth_gauntlet_reports.formats.junit import junit_report
from tests.reports.conftest import EXCHANGE


@given(st.text(), st.sampled_from(list(Verdict)))
def test_any_text_gives_well_formed_xml(make_result, make_run, text, verdict):
    document = junit_report(make_run(make_result(verdict, text)))
    root = ElementTree.fromstring(document.encode())
    suite = root.find("testsuite")
    assert root.get("tests") == suite.get("tests") == "1"
    failed = verdict.failing or verdict is Verdict.UNTESTABLE
    assert suite.get("failures") == str(int(failed))
    assert (suite.find("testcase/failure") is not None) == failed


@pytest.mark.parametrize("verdict", [Verdict.VIOLATION, Verdict.UNTESTABLE, Verdict.ERROR])
def test_what_the_baseline_knows_is_skipped_with_its_reason(make_result, make_run, verdict):
    known = make_result(verdict, expected={"reason": "agreed", "issue": "https://example.org/1"})
    root = ElementTree.fromstring(junit_report(make_run(known, make_result(name="a.new"))))
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "1", "0", "1"]
    assert root.find("testsuite/testcase/skipped").get("message") == f"known {verdict}: agreed (https://example.org/1)"
    assert "Joined by spaces." in root.find(".//testcase[skipped]/system-out").text


def test_a_failure_quotes_its_basis_and_shows_the_marked_exchange(make_result, make_run):
    marked, last = ({**EXCHANGE, "request": {**EXCHANGE["request"], "target": target}} for target in ("/marked", "/last"))
    finding = Finding(expected="a b", seen="a,b", grade=Verdict.VIOLATION, mark=Mark(text="a%2Cb", exchange=0))
    text = (
        ElementTree.fromstring(junit_report(make_run(make_result(exchanges=(marked, last), findings=(finding,)))))
        .find("testsuite/testcase/failure")
        .text
    )
    assert 'RFC 6749 3.3, binds the client: "Scopes MUST be joined by spaces."' in text
    assert "> POST /marked" in text
    assert "/last" not in text


def test_a_hostile_run_is_well_formed_xml(hostile_run):
    assert ElementTree.fromstring(junit_report(hostile_run).encode()).get("tests") == "10"


def test_only_some_failures_of_a_requirement_show_their_exchange(make_result, make_run):
    many = [make_result(variant=f"v{number}", seen=f"seen {number}.") for number in range(MOST_EVIDENCE + 2)]
    failures = ElementTree.fromstring(junit_report(make_run(*many))).findall(".//failure")
    texts = [each.text or "" for each in failures]
    assert sum("POST /" in text for text in texts) == MOST_EVIDENCE
    assert sum("the exchange is in the results file" in text for text in texts) == 2
    for each in many:
        assert any(each.findings[0].seen in text for text in texts)
