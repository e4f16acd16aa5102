import json

import pytest

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.wire_steps import CloseInstead, WaitFirst


def test_a_json_answer_has_no_charset_and_forbids_caching():
    """RFC 8259 §11; RFC 6749 §5.1."""
    answer = json_answer(400, {"error": "é"})
    assert answer.headers == (
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
    )
    assert json.loads(answer.body) == {"error": "é"}


def test_a_header_field_is_set_once_or_removed():
    answer = Answer(status=200, headers=(("a", "1"), ("B", "2"), ("A", "3")))
    assert answer.with_header("A", "4").headers == (("B", "2"), ("A", "4"))
    assert answer.with_header("a", None).headers == (("B", "2"),)
    assert answer.header("A") == "1"


def test_another_body_removes_the_content_length():
    answer = Answer(status=200, headers=(("content-length", "2"), ("X", "1")), body=b"ab").with_body(b"abc")
    assert (answer.headers, answer.body) == ((("X", "1"),), b"abc")


def test_wire_steps_are_appended():
    first, second = WaitFirst(1), CloseInstead()
    assert Answer(status=200).with_wire(first).with_wire(second).wire == (first, second)


@pytest.mark.parametrize(
    ("body", "document"), [(b'{"a": 1}', {"a": 1}), (b"[]", None), (b"", None), (b"x", None), (b"\xff", None)]
)
def test_document_returns_only_a_json_object(body, document):
    assert Answer(status=200, body=body).document() == document


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        (Answer(status=404), "Not Found"),
        (Answer(status=999), "Unknown"),
        (Answer(status=200, reason="Fine"), "Fine"),
    ],
)
def test_reason_phrase_of_status_or_answer(answer, phrase):
    assert answer.reason_phrase() == phrase


def test_the_recorded_octets_are_bounded():
    answer = Answer(status=200, headers=(("A", "1"),), body=b"b")
    whole, cut = answer.recorded(b"x" * 65_536), answer.recorded(b"x" * (65_536 + 1))
    assert (whole.status, whole.reason, whole.headers, whole.body) == (200, "OK", (("A", "1"),), b"b")
    assert (len(whole.raw), whole.truncated) == (65_536, False)
    assert (len(cut.raw), cut.truncated) == (65_536, True)
