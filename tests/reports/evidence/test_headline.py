import pytest

from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.evidence.headline import headline

KNOWN = {"reason": "agreed"}


@pytest.mark.parametrize(
    ("verdicts", "colour", "text"),
    [
        ([], Verdict.ERROR, "No scenario was tested"),
        (["not_applicable"], Verdict.ERROR, "No scenario was tested"),
        (["pass"], Verdict.PASS, "c 1 conforms"),
        (["pass", "warn"], Verdict.WARN, "c 1 conforms, with warnings about 1 requirement"),
        (["pass", "fail", "fail", "warn"], Verdict.FAIL, "c 1 does not conform: it breaks 2 requirements"),
        (["pass", "error"], Verdict.ERROR, "c 1 could not be judged completely"),
        (["pass", "untestable", "warn"], Verdict.ERROR, "c 1 could not be judged completely"),
        (["fail", "error"], Verdict.FAIL, "c 1 does not conform: it breaks 1 requirement"),
    ],
)
def test_verdict_and_text(make_result, make_run, verdicts, colour, text):
    results = [make_result(Verdict(each), name=f"a.x{number}") for number, each in enumerate(verdicts)]
    answer = headline(make_run(*results, client={"name": "c", "version": "1"}))
    assert (answer.verdict, answer.text) == (colour, text)


def test_a_requirement_counts_once(make_result, make_run):
    run = make_run(make_result(), make_result(grant="client_credentials"))
    assert headline(run).text.endswith("it breaks 1 requirement")


def test_known_findings_do_not_count(make_result, make_run):
    answer = headline(make_run(make_result(expected=KNOWN), make_result(Verdict.PASS), client={"name": "c"}))
    assert (answer.verdict, answer.text) == (Verdict.PASS, "c has no new findings")
    assert answer.details == ("Findings of 1 scenario are known to the baseline and not counted here.",)


def test_an_incomplete_run_has_no_pass(make_result, make_run):
    answer = headline(make_run(make_result(Verdict.PASS), complete=False, planned=9))
    assert answer.verdict is Verdict.ERROR
    assert answer.details == ("The run is incomplete: 1 of 9 scenarios have a result.",)


def test_warnings_next_to_failures_are_mentioned(make_result, make_run):
    answer = headline(make_run(make_result(), make_result(Verdict.WARN, name="a.w", level=Level.SHOULD)))
    assert answer.details == ("It also has warnings about 1 requirement.",)
