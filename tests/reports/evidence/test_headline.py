import pytest

from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.evidence.headline import headline

KNOWN = {"reason": "agreed"}


@pytest.mark.parametrize(
    ("verdicts", "colour", "text"),
    [
        ([], Verdict.ERROR, "Nothing was tested"),
        (["not_applicable"], Verdict.ERROR, "Nothing was tested"),
        (["pass"], Verdict.PASS, "c 1 conforms"),
        (["pass", "warn"], Verdict.WARN, "c 1 conforms, with warnings about 1 requirement"),
        (["pass", "fail", "fail", "warn"], Verdict.FAIL, "c 1 does not conform: it breaks 2 requirements"),
        (["pass", "error"], Verdict.ERROR, "c 1 could not be judged in full"),
        (["pass", "untestable", "warn"], Verdict.ERROR, "c 1 could not be judged in full"),
        (["fail", "error"], Verdict.FAIL, "c 1 does not conform: it breaks 1 requirement"),
    ],
)
def test_the_answer(make_result, make_run, verdicts, colour, text):
    results = [make_result(Verdict(each), name=f"a.x{number}") for number, each in enumerate(verdicts)]
    answer = headline(make_run(*results, client={"name": "c", "version": "1"}))
    assert (answer.verdict, answer.text) == (colour, text)


def test_a_requirement_counts_once(make_result, make_run):
    run = make_run(make_result(), make_result(grant="client_credentials"))
    assert headline(run).text.endswith("it breaks 1 requirement")


def test_what_is_known_is_not_held_against_it(make_result, make_run):
    answer = headline(make_run(make_result(expected=KNOWN), make_result(Verdict.PASS), client={"name": "c"}))
    assert (answer.verdict, answer.text) == (Verdict.PASS, "c breaks nothing that is not known")
    assert answer.details == ("1 scenario came out as the baseline says, and are not counted here.",)


def test_an_incomplete_run_says_so(make_result, make_run):
    answer = headline(make_run(make_result(Verdict.PASS), complete=False, planned=9))
    assert answer.verdict is Verdict.ERROR
    assert answer.details == ("The run is incomplete: 1 of 9 scenarios have a result.",)


def test_warnings_beside_failures_are_told(make_result, make_run):
    answer = headline(make_run(make_result(), make_result(Verdict.WARN, name="a.w", level=Level.SHOULD)))
    assert answer.details == ("It also does otherwise than recommended or usual in 1 requirement.",)
