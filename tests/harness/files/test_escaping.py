import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.files.escaping import escaped, escaped_lines, for_log


@given(st.text(st.characters(exclude_categories=())))
def test_escaped_text_is_printable_and_escaping_is_idempotent(text):
    assert escaped(text).isprintable()
    assert escaped(escaped(text)) == escaped(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("ä € 😀", "ä € 😀"), ("a\nb\tc", r"a\nb\tc"), ("\x1b[31m", r"\x1b[31m"), ("\u202e\u2028\ud800", r"\u202e\u2028\ud800")],
)
def test_only_unprintable_characters_are_escaped(text, shown):
    assert escaped(text) == shown


@given(st.text(st.characters(exclude_categories=()) | st.just("\n")))
def test_the_lines_of_a_text_are_escaped_and_kept(text):
    assert escaped_lines(text).split("\n") == [escaped(line) for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::stop-commands::x", r"\x3a:stop-commands::x"),
        ("  ::error::y", r"  \x3a:error::y"),
        ("a ::error::y", "a ::error::y"),
        ("a ##[error]y", r"a \x23#[error]y"),
        ("##vso[task.complete]", r"\x23#vso[task.complete]"),
        ("a # b [c] ## d", "a # b [c] ## d"),
        ("a\n::error::", r"a\n::error::"),
        ("\x1b[1m", r"\x1b[1m"),
    ],
)
def test_a_log_contains_no_command(text, shown):
    assert for_log(text) == shown
    assert for_log(shown) == shown
