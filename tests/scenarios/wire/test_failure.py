import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token
from oauth_gauntlet_scenarios.wire.failure import advise_documented, require_error, require_no_token

DOCUMENTED = ErrorInfo(kind=ErrorKind.TRANSPORT, message="incomplete")
UNDOCUMENTED = ErrorInfo(kind=ErrorKind.UNEXPECTED, message="KeyError")
TOKEN = Token(access_token="a")


def test_a_documented_error_is_what_all_of_them_accept():
    require_error(DOCUMENTED)
    require_no_token(DOCUMENTED, because="it is incomplete")
    advise_documented(DOCUMENTED)
    advise_documented(TOKEN)


def test_a_token_is_graded_by_the_level_of_the_requirement():
    with pytest.raises(Breach, match="expected an error: it is incomplete") as breach:
        require_no_token(TOKEN, because="it is incomplete")
    assert breach.value.grade is None
    with pytest.raises(Breach, match="expected an error"):
        require_error(TOKEN)


def test_an_undocumented_error_is_a_warning_where_an_rfc_only_forbids_the_token():
    for check in (advise_documented, lambda answer: require_no_token(answer, because="it is incomplete")):
        with pytest.raises(Breach, match="that the client documents") as breach:
            check(UNDOCUMENTED)
        assert breach.value.grade is Verdict.WARNING
    with pytest.raises(Breach, match="that the client documents") as breach:
        require_error(UNDOCUMENTED)
    assert breach.value.grade is None
