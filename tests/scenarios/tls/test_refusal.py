import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet_scenarios.tls.refusal import require_nothing_sent


def error(kind):
    return ErrorInfo(kind=kind, message="no")


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind is not ErrorKind.UNEXPECTED])
def test_a_documented_error_without_a_request_is_right(kind):
    require_nothing_sent(error(kind), 0, "there")


@pytest.mark.parametrize(
    ("answer", "requests", "grade"),
    [
        (error(ErrorKind.TRANSPORT), 1, None),
        (Token(access_token="a"), 0, None),
        (error(ErrorKind.UNEXPECTED), 0, Verdict.WARNING),
    ],
)
def test_a_request_or_no_error_is_a_finding_and_a_crash_a_warning(answer, requests, grade):
    with pytest.raises(Breach) as caught:
        require_nothing_sent(answer, requests, "there")
    assert caught.value.grade is grade
