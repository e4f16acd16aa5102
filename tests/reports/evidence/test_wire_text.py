import pytest

from oauth_gauntlet.model import Mark
from oauth_gauntlet_reports.evidence.wire_text import MOST_LINE, MOST_LINES, wire_lines, wire_texts


def exchange(body, **more):
    return {"request": {"method": "POST", "target": "/", "headers": [], "body": body, **more}, "response": None}


def test_control_characters_are_made_visible():
    lines = wire_lines(exchange("\x1b[31m\u2028\ud800"))
    assert lines[2].text == r"\x1b[31m\u2028\ud800"


def test_an_exchange_without_a_response():
    assert wire_lines(exchange(""))[-1].text == "(the connection was closed without a response)"


@pytest.mark.parametrize("body", ["", "a=b\r\nc", "x" * (MOST_LINE + 1), "\x1b" * MOST_LINE, "a=b" + "\0" * MOST_LINE])
@pytest.mark.parametrize("response", [None, {"status": 200, "headers": [["A", "b"]], "body": "a=b"}])
def test_texts_are_the_lines_with_their_sides(body, response):
    both = {**exchange(body), "response": response}
    for mark in (None, Mark(text="a=b"), Mark(text="a=b", part="response")):
        assert wire_texts(both) == [f"{line.side} {line.text}" for line in wire_lines(both, mark)]


def test_the_head_on_the_wire_is_shown_in_place_of_the_fields():
    lines = wire_lines(exchange("x", head="POST / HTTP/1.0\r\nA: b\rc\r\n d\nX: 1"), Mark(text="X: 1"))
    assert [line.text for line in lines[:5]] == ["POST / HTTP/1.0", r"A: b\rc", r" d\nX: 1", "", "x"]
    assert lines[2].marks == ((4, 8),)


def test_every_occurrence_is_marked():
    (line,) = [line for line in wire_lines(exchange("a=b&a=b"), Mark(text="a=b")) if line.marks]
    assert line.marks == ((0, 3), (4, 7))


def test_a_long_line_and_its_mark_are_cut():
    text = "x" * (MOST_LINE - 2) + "y" * 100
    (line,) = [line for line in wire_lines(exchange(text), Mark(text="y" * 100)) if line.marks]
    assert line.marks == ((MOST_LINE - 2, MOST_LINE),)
    assert line.text.endswith(f"yy... ({len(text)} characters)")


@pytest.mark.parametrize(("count", "more"), [(MOST_LINES, ""), (MOST_LINES + 1, "... (1 more lines)")])
def test_a_long_body_is_cut(count, more):
    lines = wire_lines(exchange("\n".join("x" * count)))
    assert [line.text for line in lines if line.text.startswith("...")] == ([more] if more else [])


def test_a_truncated_body_is_shown_with_its_length():
    lines = wire_lines(exchange("xy", body_truncated=True, body_length=99))
    assert lines[3].text == "... (cut; 99 octets in all)"


@pytest.mark.parametrize(
    ("text", "body", "marked"),
    [
        ("code", "grant_type=x&code=y", ["code"]),
        ("code=", "urlencode=d&code=y", ["code="]),
        ("a%2Cb", "scope=a%2Cb", ["a%2Cb"]),
        ("uthorization", "Authorization", ["uthorization"]),
        ("client_", "client_id=a&client_secret=b", ["client_", "client_"]),
        ('"error"', '{"error": "x", "no error": 1}', ['"error"']),
    ],
)
def test_a_mark_is_a_whole_word_if_there_is_one(text, body, marked):
    lines = wire_lines(exchange(body, headers=[["Content-Type", "application/x-www-form-urlencoded"]]), Mark(text=text))
    assert [line.text[begin:end] for line in lines for begin, end in line.marks] == marked


def test_many_header_fields_are_cut():
    lines = wire_lines(exchange("x", headers=[["A", "b"]] * 5000))
    assert "... (4801 more lines)" in [line.text for line in lines]
