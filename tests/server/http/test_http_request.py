import base64

import pytest

from oauth_gauntlet_server.http.form import FormError
from oauth_gauntlet_server.http.http_request import BasicCredentialsError, RecordedRequest, RecordedResponse


def request(*, target="/t/token", headers=(), body=b""):
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=body, raw=b"")


def basic(text):
    return request(headers=(("Authorization", "Basic " + base64.b64encode(text).decode()),))


def test_header_fields_are_found_in_any_case_and_in_order():
    recorded = request(headers=(("X-One", "1"), ("other", "0"), ("x-oNE", "2")))
    assert recorded.header_values("x-one") == ("1", "2")
    assert recorded.header("X-ONE") == "1"
    assert recorded.header("absent") is None


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/t/token", "/t/token", ""),
        ("/t/token?", "/t/token", ""),
        ("/t/token?a=1&b=%20?c", "/t/token", "a=1&b=%20?c"),
        ("/t%2Fx", "/t%2Fx", ""),
        ("http://127.0.0.1:8080/t/token?a=1", "/t/token", "a=1"),
        ("http://127.0.0.1?a=1", "/", "a=1"),
        ("HTTPS://host", "/", ""),
        ("/t?next=http://host/x", "/t", "next=http://host/x"),
        ("*", "*", ""),
    ],
)
def test_path_and_query_of_each_form_of_target(target, path, query):
    """RFC 9112 §3.2."""
    assert (request(target=target).path, request(target=target).query) == (path, query)


def test_query_pairs():
    assert request(target="/t?a=1&a=%C3%A9").query_pairs == (("a", "1"), ("a", "é"))
    with pytest.raises(FormError):
        _ = request(target="/t?a=%FF").query_pairs


@pytest.mark.parametrize(
    ("value", "essence"),
    [
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("Application/JSON ; charset=UTF-8", "application/json"),
        ("", ""),
    ],
)
def test_media_type(value, essence):
    assert request(headers=(("Content-Type", value),)).media_type == essence


def test_no_media_type():
    assert request().media_type is None


def test_form_values():
    recorded = request(body=b"a=1&b=2&a=3")
    assert recorded.form == (("a", "1"), ("b", "2"), ("a", "3"))
    assert recorded.form_values("a") == ("1", "3")
    assert recorded.form_value("a") == "1"
    assert recorded.form_value("c") is None


def test_a_form_that_does_not_decode_raises_each_time():
    recorded = request(body=b"a=%")
    for _ in range(2):
        with pytest.raises(FormError):
            recorded.form_value("a")


def test_basic_credentials_are_not_form_decoded():
    """RFC 7617 §2: split at the first colon; the server, not this parser, removes the form encoding of RFC 6749 §2.3.1."""
    assert basic(b"a%3Ab+c:se:cr+et").basic_credentials() == ("a%3Ab+c", "se:cr+et")
    assert basic("ü:€".encode()).basic_credentials() == ("ü", "€")
    assert basic(b":").basic_credentials() == ("", "")


def test_the_authentication_scheme_is_case_insensitive():
    token = base64.b64encode(b"a:b").decode()
    assert request(headers=(("authorization", f"bAsIc  {token}"),)).basic_credentials() == ("a", "b")


@pytest.mark.parametrize("headers", [(), (("Authorization", "Bearer x"),), (("Authorization", "Basically"),)])
def test_another_scheme_has_no_basic_credentials(headers):
    assert request(headers=headers).basic_credentials() is None


@pytest.mark.parametrize(
    "token", ["!", "YTpi\n", "\tYTpi", "YTp", "YTpé", base64.b64encode(b"\xff:").decode(), "YTpi YTpi", "!YTpi"]
)
def test_credentials_that_are_not_base64_of_text_are_malformed(token):
    with pytest.raises(BasicCredentialsError, match=r"^what follows Basic is not base64 of UTF-8 text: ") as caught:
        request(headers=(("Authorization", f"Basic {token}"),)).basic_credentials()
    assert str(caught.value).endswith(repr(token))


@pytest.mark.parametrize("token", ["", "YQ=="])
def test_credentials_without_a_colon_are_malformed(token):
    with pytest.raises(BasicCredentialsError, match=r"^there is no colon between user and password$"):
        request(headers=(("Authorization", f"Basic {token}"),)).basic_credentials()


def test_the_error_shows_the_beginning_of_long_credentials():
    with pytest.raises(BasicCredentialsError) as caught:
        request(headers=(("Authorization", "Basic " + "!" * 100),)).basic_credentials()
    assert str(caught.value).endswith(f": '{'!' * 60}'")


def test_spaces_around_the_credentials_are_ignored():
    assert request(headers=(("Authorization", "Basic   YTpi  "),)).basic_credentials() == ("a", "b")
    # X is a base64 digit: it must not be stripped at the beginning or the end.
    assert request(headers=(("Authorization", "Basic XTpX"),)).basic_credentials() == ("]", "W")


def test_by_default_a_request_is_exact_and_a_response_is_complete():
    assert request().exact is True
    response = RecordedResponse(status=200, reason="OK", headers=(), body=b"")
    assert (response.raw, response.truncated) == (b"", False)


def test_response_header_and_json():
    response = RecordedResponse(status=200, reason="OK", headers=(("A", "1"), ("a", "2")), body=b'{"x": 1}')
    assert response.header("a") == "1"
    assert response.header("b") is None
    assert response.json() == {"x": 1}
    with pytest.raises(ValueError, match="Expecting value"):
        RecordedResponse(status=200, reason="OK", headers=(), body=b"").json()
