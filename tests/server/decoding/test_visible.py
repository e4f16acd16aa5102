from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.decoding.visible import MOST_WIRE, request_octets, response_octets, visible, wire_text
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse


def test_unprintable_characters_are_escaped_and_long_text_is_cut():
    assert visible("a\x1b[31m\u202etxt.exe\x00\ud800\r\n é") == "a\\x1b[31m\\u202etxt.exe\\x00\\ud800\\r\\n é"
    assert visible("abc", 2) == "ab... (3 characters in total)"


def test_the_wire_is_shown_as_lines():
    assert wire_text(b"GET / HTTP/1.1\r\nX: \xe9\x07\r\n\r\na\nb\r") == "GET / HTTP/1.1\nX: \\xe9\\x07\n\na\nb\\r"
    assert wire_text(b"x" * (MOST_WIRE + 1)).endswith(f"x... ({MOST_WIRE + 1} octets in total)")


@given(st.binary())
def test_any_octets_give_text_that_can_be_shown(octets):
    text = wire_text(octets)
    assert all(each.isprintable() or each in "\n\t" for each in text)
    text.encode("utf-8")


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_shown(text):
    assert all(each.isprintable() or each == "\t" for each in visible(text))
    visible(text).encode("utf-8")


def test_a_message_without_raw_octets_is_rebuilt():
    request = RecordedRequest(method="POST", target="/t", http_version="1.1", headers=(("A", "\xe9"),), body=b"b", raw=b"")
    assert request_octets(request) == b"POST /t HTTP/1.1\r\nA: \xc3\xa9\r\n\r\nb"
    response = RecordedResponse(status=200, reason="OK", headers=(("A", "b"),), body=b"{}")
    assert response_octets(response) == b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n{}"
