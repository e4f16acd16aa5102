import pytest

from oauth_gauntlet.adapters.python_answers import failure_of, spelled, trace_of, value_to_json
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ProtocolViolation, Token


def raised(secret):
    try:
        raise KeyError(secret)
    except KeyError as error:
        return error


def test_a_value_of_the_protocol_has_a_json_representation():
    assert value_to_json(Token(access_token="a"))["access_token"] == "a"
    with pytest.raises(ProtocolViolation, match="got a dict"):
        value_to_json({"access_token": "a"})


def test_what_json_cannot_represent_is_a_violation():
    with pytest.raises(ProtocolViolation, match="JSON cannot represent the answer"):
        spelled({"a": b"octets"})


def test_deep_nesting_is_cut():
    nested = []
    for _ in range(100_000):
        nested = [nested]
    assert len(spelled(nested)) < 100_000


def test_an_undocumented_exception_has_its_class_and_its_place():
    failure = failure_of("get_token", raised("secret-of-mine"))
    assert (failure.error.kind, failure.error.type, failure.error.message) == (
        ErrorKind.UNEXPECTED,
        "builtins.KeyError",
        "'secret-of-mine'",
    )
    assert "raise KeyError(secret)" in failure.trace


def test_the_place_of_an_exception_is_without_its_message():
    assert "secret-of-mine" not in trace_of(raised("secret-of-mine"))


def test_an_error_of_the_client_stays_as_it_is():
    own = ClientFailure(ErrorInfo(kind=ErrorKind.TIMEOUT, message="slow"))
    assert failure_of("get_token", own) is own


def test_an_operation_that_is_not_implemented_is_unknown():
    assert failure_of("refresh", NotImplementedError()).error.message == "unknown operation refresh"
