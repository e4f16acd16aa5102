import pytest

from oauth_gauntlet.checks import Breach, NoAnswer, Untestable
from oauth_gauntlet.errors import AdapterError, ClientFailure, HarnessError
from oauth_gauntlet.judging.verdicts import Conclusion, attributed, conclude, downgraded, ending_of, flattened, renewed
from oauth_gauntlet.model import Ending, Level, RenewalKind, Verdict
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind

BREACH = Breach(expected="a token", seen="none")
ADVICE = Breach(expected="a token", seen="none", grade=Verdict.WARNING)
HANG = NoAnswer(Ending.HANG, "it never answers")
CRASH = NoAnswer(Ending.CRASH, "its process ended")
ADAPTER = AdapterError("the adapter ended")
FAILURE = ClientFailure(ErrorInfo(kind=ErrorKind.TRANSPORT, message="no route"))


@pytest.mark.parametrize(
    ("level", "exception", "unfired", "verdict"),
    [
        (Level.MUST, None, (), "pass"),
        (Level.MUST, BREACH, (), "violation"),
        (Level.UNSAFE, BREACH, (), "hazard"),
        (Level.PROFILE, BREACH, (), "deviation"),
        (Level.SHOULD, BREACH, (), "warning"),
        (Level.INTEROP, BREACH, (), "warning"),
        (Level.MUST, ADVICE, (), "warning"),
        (Level.MUST, HANG, (), "violation"),
        (Level.INTEROP, HANG, (), "warning"),
        (Level.MUST, CRASH, (), "violation"),
        (Level.SHOULD, CRASH, (), "hazard"),
        (Level.PROFILE, CRASH, (), "hazard"),
        (Level.MUST, CRASH, ("delay",), "untestable"),
        (Level.MUST, ExceptionGroup("flaky", [HANG, ADAPTER]), (), "violation"),
        (Level.MUST, Untestable("no resource"), (), "untestable"),
        (Level.MUST, None, ("delay",), "untestable"),
        (Level.MUST, BREACH, ("delay",), "untestable"),
        (Level.MUST, ADAPTER, (), "error"),
        (Level.MUST, ADAPTER, ("delay",), "error"),
        (Level.MUST, FAILURE, (), "error"),
        (Level.MUST, ZeroDivisionError("ours"), (), "error"),
        (Level.MUST, ExceptionGroup("flaky", [ValueError("x"), BREACH]), (), "violation"),
        (Level.MUST, ExceptionGroup("flaky", [ExceptionGroup("inner", [ADAPTER])]), (), "error"),
    ],
)
def test_the_verdict_follows_from_how_the_scenario_ended(level, exception, unfired, verdict):
    assert conclude(level=level, exception=exception, unfired=unfired).verdict == verdict


def test_the_ending_is_found_behind_another_exception():
    behind = Untestable("no control")
    behind.__cause__ = CRASH
    group = ExceptionGroup("flaky", [ValueError("x"), HANG])
    assert [ending_of(each) for each in (HANG, behind, group, BREACH, None)] == [
        Ending.HANG,
        Ending.CRASH,
        Ending.HANG,
        None,
        None,
    ]


def test_a_pass_has_no_message_and_no_findings():
    assert conclude(level=Level.MUST, exception=None) == Conclusion(verdict=Verdict.PASS, message="", findings=())


def test_a_finding_is_the_message_and_is_kept():
    finding = BREACH.finding(Level.MUST)
    assert conclude(level=Level.MUST, exception=BREACH) == Conclusion(
        verdict=Verdict.VIOLATION, message="expected a token; none", findings=(finding,)
    )


@pytest.mark.parametrize(
    ("exception", "sent", "works", "verdict"),
    [
        (None, False, True, "untestable"),
        (None, False, False, "untestable"),
        (None, True, False, "pass"),
        (BREACH, False, True, "violation"),
        (BREACH, True, False, "violation"),
        (BREACH, False, False, "untestable"),
        (ADVICE, False, False, "untestable"),
        (ADAPTER, False, False, "error"),
    ],
)
def test_a_client_that_sent_nothing_and_gets_no_token_has_shown_nothing(exception, sent, works, verdict):
    assert conclude(level=Level.MUST, exception=exception, sent=sent, works=works).verdict == verdict


def test_the_message_names_what_a_scenario_without_a_request_ended_with():
    message = conclude(level=Level.MUST, exception=BREACH, sent=False, works=False).message
    assert message == (
        "the client sent nothing and gets no token from a server without faults, so nothing is proved; "
        "the scenario ended with: expected a token; none"
    )
    assert conclude(level=Level.MUST, exception=None, sent=False).message == "the client sent nothing, so nothing is proved"


@pytest.mark.parametrize("exception", [None, BREACH, ADAPTER])
def test_a_failure_of_the_mock_server_is_never_a_finding(exception):
    concluded = conclude(level=Level.MUST, exception=exception, server_failed=True)
    assert (concluded.verdict, concluded.findings) == (Verdict.ERROR, ())
    assert "the mock server itself failed" in concluded.message


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        (None, "the fault delay, drip was armed and never delivered"),
        (BREACH, "the fault delay, drip was armed and never delivered; the scenario ended with: expected a token; none"),
    ],
)
def test_an_unfired_fault_is_named_together_with_the_finding(exception, message):
    assert conclude(level=Level.MUST, exception=exception, unfired=["delay", "drip"]).message == message


@pytest.mark.parametrize(
    ("exception", "message"),
    [
        (Untestable("no resource"), "no resource"),
        (ADAPTER, "the adapter ended"),
        (FAILURE, f"the client failed where the scenario did not expect it: {FAILURE}"),
        (KeyError("x"), "the scenario itself broke: KeyError: 'x'"),
    ],
)
def test_the_message_explains_what_ended_the_scenario(exception, message):
    assert conclude(level=Level.MUST, exception=exception).message == message


def test_in_a_group_the_adapter_error_is_the_message():
    trouble = ExceptionGroup("both", [FAILURE, ADAPTER])
    assert conclude(level=Level.MUST, exception=trouble).message == "the adapter ended"


def test_a_group_comes_before_its_members():
    inner = ExceptionGroup("inner", [BREACH])
    outer = ExceptionGroup("outer", [FAILURE, inner])
    assert list(flattened(outer)) == [outer, FAILURE, inner, BREACH]


@pytest.mark.parametrize(
    ("verdict", "trouble", "left"),
    [
        ("pass", {}, "pass"),
        ("pass", {"always": "a jump"}, "error"),
        ("pass", {"if_adverse": "a pause"}, "pass"),
        ("violation", {"if_adverse": "a pause"}, "error"),
        ("warning", {"if_adverse": "a pause"}, "error"),
        ("untestable", {"if_adverse": "a pause"}, "error"),
        ("violation", {"always": "a jump", "if_adverse": "a pause"}, "error"),
        ("violation", {}, "violation"),
    ],
)
def test_an_unreliable_machine_downgrades_a_verdict_to_error(verdict, trouble, left):
    conclusion = downgraded(Conclusion(verdict=Verdict(verdict), message="expected x; y"), **trouble)
    assert conclusion.verdict == left
    reason = trouble.get("always") or trouble.get("if_adverse")
    assert conclusion.message == (
        f"{reason}; run it again (otherwise the verdict would be: expected x; y)" if left == "error" else "expected x; y"
    )
    assert conclusion.findings == ()


@pytest.mark.parametrize("verdict", [Verdict.ERROR, Verdict.NOT_APPLICABLE])
def test_error_and_not_applicable_are_not_downgraded(verdict):
    conclusion = Conclusion(verdict=verdict, message="because")
    assert downgraded(conclusion, always="a jump", if_adverse="a pause") is conclusion


def test_a_harness_error_keeps_its_message():
    assert conclude(level=Level.MUST, exception=HarnessError("no port is free")).message == "no port is free"


def test_a_finding_about_the_http_stack_names_the_platform():
    conclusion = attributed(conclude(level=Level.MUST, exception=BREACH), "node 20.19.2")
    assert conclusion.verdict is Verdict.VIOLATION
    assert conclusion.findings[0].seen == "none; most clients leave this to their HTTP stack, here that of node 20.19.2"
    assert conclusion.message.endswith(conclusion.findings[0].seen)


def test_a_finding_about_a_renewal_begins_with_that():
    conclusion = renewed(conclude(level=Level.MUST, exception=BREACH), RenewalKind.EXPIRY)
    assert conclusion.verdict is Verdict.VIOLATION
    assert conclusion.findings[0].seen == "in the renewal after the token had expired: none"
    assert conclusion.message == "in the renewal after the token had expired: expected a token; none"


def test_a_renewal_without_a_finding_is_concluded_as_it_is():
    for ending in (None, Untestable("no resource")):
        concluded = conclude(level=Level.MUST, exception=ending)
        assert renewed(concluded, RenewalKind.EXPIRY) == concluded


@pytest.mark.parametrize(("breach", "advised"), [(BREACH, False), (ADVICE, True)])
def test_advice_is_told_from_a_finding_that_the_level_grades(breach, advised):
    assert conclude(level=Level.INTEROP, exception=breach).advised is advised


def test_a_pass_names_no_platform():
    passed = conclude(level=Level.MUST, exception=None)
    assert attributed(passed, "node 20.19.2") == passed


def test_an_exception_that_is_its_own_cause_has_an_ending_too():
    alone, of_a_circle = AdapterError("it sends nothing"), ValueError("broken")
    alone.__cause__ = alone
    of_a_circle.__cause__ = Untestable("no control")
    of_a_circle.__cause__.__cause__ = of_a_circle
    assert [ending_of(alone), ending_of(of_a_circle)] == [None, None]
