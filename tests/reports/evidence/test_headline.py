import pytest

from oauth_gauntlet.model import NOT_RUN, Level, Verdict
from oauth_gauntlet_reports.evidence.headline import fixed_environment, headline

KNOWN = {"reason": "agreed"}


@pytest.mark.parametrize(
    ("verdicts", "colour", "words"),
    [
        (["pass"], Verdict.PASS, "meets 1 of 1 applicable RFC requirements; 0 hazards; 0 warnings"),
        (["pass", "not_applicable"], Verdict.PASS, "meets 1 of 1 applicable RFC requirements; 0 hazards; 0 warnings"),
        (["pass", "warning"], Verdict.WARNING, "meets 2 of 2 applicable RFC requirements; 0 hazards; 1 warning"),
        (["violation", "violation"], Verdict.VIOLATION, "meets 0 of 2 applicable RFC requirements; 0 hazards; 0 warnings"),
        (["pass", "error"], Verdict.ERROR, "meets 1 of 2 applicable RFC requirements; 0 hazards; 0 warnings; 1 error"),
        (
            ["pass", "untestable", "warning"],
            Verdict.ERROR,
            "meets 2 of 3 applicable RFC requirements; 0 hazards; 1 warning; 1 untestable",
        ),
        (["violation", "error"], Verdict.VIOLATION, "meets 0 of 2 applicable RFC requirements; 0 hazards; 0 warnings; 1 error"),
    ],
)
def test_the_sentence_counts_requirements(make_result, make_run, verdicts, colour, words):
    results = [make_result(Verdict(each), name=f"a.x{number}") for number, each in enumerate(verdicts)]
    answer = headline(make_run(*results, client={"name": "c", "version": "1"}))
    assert (answer.verdict, answer.text) == (colour, f"c 1 {words} (set all, seed 1)")


@pytest.mark.parametrize("verdicts", [[], ["not_applicable"]])
def test_without_a_tested_scenario_there_are_no_numbers(make_result, make_run, verdicts):
    answer = headline(make_run(*(make_result(Verdict(each)) for each in verdicts)))
    assert (answer.verdict, answer.text) == (Verdict.ERROR, "No scenario was tested")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"set": {"name": "rfc6749", "version": "2"}, "seed": 7}, "(set rfc6749, seed 7)"),
        ({"selection": {"grants": ["password"], "keyword": "a b"}}, "(set all, only --grant password -k a b, seed None)"),
        ({"selection": {"level": "must"}}, "(set all, only --level must, seed None)"),
        ({"selection": None}, "(set all, seed None)"),
    ],
)
def test_the_sentence_says_what_was_asked(make_result, make_run, options, words):
    assert headline(make_run(make_result(), options=options)).text.endswith(words)


def test_hazards_are_counted_apart_from_rfc_requirements(make_result, make_run):
    hazard = make_result(Verdict.HAZARD, name="a.h", level=Level.UNSAFE)
    answer = headline(make_run(make_result(Verdict.PASS), hazard, client={"name": "c"}))
    assert (answer.verdict, answer.standing.words) == (
        Verdict.HAZARD,
        "meets 1 of 1 applicable RFC requirements; 1 hazard; 0 warnings",
    )


def test_a_profile_has_a_line_of_its_own_and_counts_nowhere_else(make_result, make_run):
    of_profile = {"level": Level.PROFILE, "profile": "theirs"}
    results = [
        make_result(Verdict.PASS),
        make_result(Verdict.PASS, name="a.kept", **of_profile),
        make_result(Verdict.DEVIATION, name="a.deviates", **of_profile),
        make_result(Verdict.UNTESTABLE, name="a.untested", **of_profile),
        make_result(Verdict.NOT_APPLICABLE, name="a.left-out", **of_profile),
    ]
    answer = headline(make_run(*results, client={"name": "c"}))
    assert answer.lines == (
        "c meets 1 of 1 applicable RFC requirements; 0 hazards; 0 warnings (set all, seed 1)",
        "profile theirs: meets 1 of 3; 1 untestable",
    )
    assert answer.verdict is Verdict.DEVIATION
    assert answer.profiles[0][0] is Verdict.DEVIATION


def test_a_requirement_counts_once(make_result, make_run):
    run = make_run(make_result(), make_result(grant="client_credentials"), make_result(Verdict.PASS, variant="v"))
    assert "meets 0 of 1 applicable" in headline(run).text


def test_known_failures_are_said_and_are_no_pass(make_result, make_run):
    known = [make_result(expected=KNOWN), make_result(Verdict.HAZARD, name="a.h", level=Level.UNSAFE, expected=KNOWN)]
    answer = headline(make_run(*known, make_result(Verdict.PASS, name="a.b"), client={"name": "c"}))
    assert answer.verdict is Verdict.WARNING
    assert "meets 1 of 2 applicable RFC requirements; 1 hazard; 0 warnings; 2 known failures" in answer.text
    assert answer.details == ("The baseline knows the findings of 2 scenarios.",)


def test_a_new_failure_of_a_known_requirement_is_not_known(make_result, make_run):
    answer = headline(make_run(make_result(expected=KNOWN), make_result(grant="client_credentials")))
    assert (answer.verdict, answer.standing.known) == (Verdict.VIOLATION, 0)


def test_a_known_untestable_requirement_is_no_pass(make_result, make_run):
    answer = headline(make_run(make_result(Verdict.UNTESTABLE, expected=KNOWN), make_result(Verdict.PASS, name="a.b")))
    assert answer.verdict is Verdict.WARNING


def test_an_incomplete_run_has_no_pass(make_result, make_run):
    answer = headline(make_run(make_result(Verdict.PASS), complete=False, planned=9))
    assert answer.verdict is Verdict.ERROR
    assert answer.details == ("The run is incomplete: 1 of 9 scenarios have a result.",)


def test_errors_and_untestable_scenarios_are_explained(make_result, make_run):
    answer = headline(
        make_run(make_result(Verdict.ERROR), make_result(Verdict.UNTESTABLE, name="a.u"), make_result(name="a.v"))
    )
    assert answer.details == (
        "1 scenario ended with an error of the adapter or the harness: no verdict on the client.",
        "1 scenario could not be tested: the client did not reach the point that is tested.",
    )


def test_the_environment_is_named_in_one_line(make_result, make_run):
    options = {"environment": {"TZ": "UTC", "umask": "022", "certificate_authorities": "no variables"}}
    found = fixed_environment(make_run(make_result(), options=options))
    assert found == "TZ=UTC, umask 022, certificate authorities no variables"
    assert fixed_environment(make_run(make_result())) == ""


def test_scenarios_that_were_not_run_are_counted_by_grant(make_result, make_run):
    urn = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    stopped = [
        make_result(Verdict.CONSEQUENCE, name=f"a.x{number}", grant=grant, message=f"{NOT_RUN}no token")
        for number, grant in enumerate([urn, "password", urn])
    ]
    details = headline(make_run(make_result(name="sanity.first"), *stopped)).details
    assert [each.partition(": ")[0] for each in details] == [
        "2 scenarios of jwt-bearer not run",
        "1 scenario of password not run",
    ]
