from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.formats.junit import junit_report


@given(st.text(), st.sampled_from(list(Verdict)))
def test_any_text_gives_well_formed_xml(make_result, make_run, text, verdict):
    document = junit_report(make_run(make_result(verdict, text)))
    root = ElementTree.fromstring(document.encode())
    suite = root.find("testsuite")
    assert root.get("tests") == suite.get("tests") == "1"
    failed = verdict in {Verdict.FAIL, Verdict.UNTESTABLE}
    assert suite.get("failures") == str(int(failed))
    assert (suite.find("testcase/failure") is not None) == failed


def test_a_hostile_run_is_well_formed_xml(hostile_run):
    assert ElementTree.fromstring(junit_report(hostile_run).encode()).get("tests") == "10"
