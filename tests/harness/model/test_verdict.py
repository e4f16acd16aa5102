from oauth_gauntlet.model import SEVERITY, Ending, Verdict


def test_only_red_verdicts_are_failing_and_a_warning_is_against_the_client_too():
    assert {verdict for verdict in Verdict if verdict.failing} == {"violation", "hazard", "deviation"}
    assert {verdict for verdict in Verdict if verdict.against} == {"violation", "hazard", "deviation", "warning"}


def test_every_verdict_has_its_severity():
    assert SEVERITY == (
        "violation",
        "hazard",
        "deviation",
        "error",
        "untestable",
        "warning",
        "consequence",
        "pass",
        "not_applicable",
    )
    assert set(SEVERITY) == set(Verdict)


def test_a_client_without_an_answer_hangs_or_crashes():
    assert list(Ending) == ["hang", "crash"]
