"""The helpers of an adapter in the process of the harness: tokens, errors, and calls at the same time."""

import sys
import threading
from decimal import Decimal
from fractions import Fraction

import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.in_process import concurrently, reported, requested_together, token
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceRequest, Token


class Refused(Exception):
    pass


KINDS = ((Refused, ErrorKind.OAUTH), (TimeoutError, ErrorKind.TIMEOUT))


def failure(exception, **more):
    with pytest.raises(ClientFailure) as caught, reported(KINDS, lambda _: more):
        raise exception
    return caught.value.error


def test_a_large_integer_is_kept():
    assert token({"access_token": "a", "expires_in": 10**400}).expires_in == 10**400


@pytest.mark.parametrize("lifetime", [3600, 3600.0, Decimal(3600), Fraction(3600)])
def test_a_number_of_any_type_is_kept(lifetime, capsys):
    made = token({"access_token": "a", "expires_in": lifetime, "scope": None})
    assert made == Token(access_token="a", expires_in=3600)
    assert isinstance(made.expires_in, int | float)
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("expires_in", "3600", "a str, not a finite number"),
        ("expires_at", True, "a bool, not a finite number"),
        ("expires_in", float("inf"), "a float, not a finite number"),
        ("expires_in", Decimal("NaN"), "a Decimal, not a finite number"),
        ("scope", ["secret"], "a list, not a text"),
        ("refresh_token", 5, "a int, not a text"),
    ],
)
def test_a_member_of_another_type_is_null_with_a_note_that_hides_its_value(name, value, wanted, capsys):
    made = token({"access_token": "a", name: value})
    assert getattr(made, name) is None
    assert made.extra == {name: value}
    assert capsys.readouterr().err == f"in_process: {name} is {wanted}, and is reported as null\n"


def test_nothing_in_place_of_a_token_is_a_token_without_members():
    assert token(None) == Token(access_token=None)


def test_other_members_are_in_extra_without_a_note(capsys):
    assert token({"access_token": 5, "id": 1, "more": None}) == Token(access_token=5, extra={"id": 1})
    assert capsys.readouterr().err == ""


def test_an_exception_has_the_kind_of_its_class():
    error = failure(TimeoutError("too slow"))
    assert (error.kind, error.type, error.message) == ("timeout", "builtins.TimeoutError", "too slow")
    assert failure(KeyError("a")).kind == "unexpected"


def test_what_is_no_exception_has_the_kind_of_its_class_or_goes_on():
    class OfAnotherLibrary(BaseException):
        """As gevent.Timeout."""

    with pytest.raises(ClientFailure) as caught, reported(((OfAnotherLibrary, ErrorKind.TIMEOUT),)):
        raise OfAnotherLibrary
    assert caught.value.error.kind == "timeout"
    with pytest.raises(OfAnotherLibrary), reported(KINDS):
        raise OfAnotherLibrary

    def raises():
        raise OfAnotherLibrary

    assert [answer.kind for answer in concurrently([raises, raises])] == ["unexpected"] * 2


def test_an_exit_is_no_answer():
    with pytest.raises(SystemExit):
        concurrently([sys.exit])


def test_details_of_another_type_are_null():
    error = failure(Refused("no"), oauth_error="invalid_scope", oauth_error_description=["no"], http_status=Decimal(400))
    assert (error.oauth_error, error.oauth_error_description, error.http_status) == ("invalid_scope", None, 400)


def test_an_unexpected_exception_has_no_details():
    assert failure(KeyError("a"), oauth_error="invalid_scope").oauth_error is None


def test_a_failure_of_the_adapter_is_not_changed():
    given = ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message="no"))
    with pytest.raises(ClientFailure) as caught, reported(KINDS):
        raise given
    assert caught.value is given


def test_calls_run_at_the_same_time_and_answer_in_their_order():
    met = threading.Barrier(3)

    def call(place):
        met.wait()
        if place == 1:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.OAUTH, message="no"))
        if place == 2:
            raise ZeroDivisionError("by zero")
        return place

    first, second, third = concurrently([lambda place=place: call(place) for place in range(3)])
    assert (first, second.kind, third.kind, third.type) == (0, "oauth", "unexpected", "builtins.ZeroDivisionError")


def test_each_request_has_its_own_arguments():
    class Client:
        def request(self, method, url, headers, body):
            return method, url, headers, body

    requests = [ResourceRequest(url="a"), ResourceRequest(url="b", method="POST", body="text")]
    assert requested_together(Client(), requests) == [("GET", "a", {}, None), ("POST", "b", {}, "text")]
