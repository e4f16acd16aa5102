import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.files.escaping import escaped


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
