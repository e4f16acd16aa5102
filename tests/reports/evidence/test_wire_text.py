import pytest

from oauth_gauntlet.model import Mark
from oauth_gauntlet_reports.evidence.wire_text import MOST_LINE, MOST_LINES, wire_lines


def exchange(body, **more):
    return {"request": {"method": "POST", "target": "/", "headers": [], "body": body, **more}, "response": None}


def test_control_characters_are_made_visible():
    lines = wire_lines(exchange("\x1b[31m\u2028\ud800"))
    assert lines[2].text == r"\x1b[31m\u2028\ud800"


def test_an_exchange_without_a_response():
    assert wire_lines(exchange(""))[-1].text == "(the connection was closed without a response)"


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
