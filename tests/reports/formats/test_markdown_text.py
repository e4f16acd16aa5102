"""Text in Markdown is shown literally, by GitHub's own parser, cmark-gfm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_reports.formats.markdown_text import as_html, code, plain

LINES = st.text(st.characters(exclude_categories=("C", "Z"), max_codepoint=0x7F) | st.just(" "), min_size=1).map(str.strip)


@given(LINES.filter(bool))
def test_plain_text_is_shown_literally(read_markdown, text):
    shown = read_markdown(f"is {plain(text)} so")
    assert " ".join(shown.text.split()) == " ".join(f"is {text} so".split())
    # An e-mail address may become a mailto link.
    assert set(shown.tags) <= ({"p", "a"} if "@" in text else {"p"})


@given(LINES.filter(bool))
def test_code_in_a_table_is_shown_literally(read_markdown, text):
    shown = read_markdown(f"| a | b |\n|---|---|\n| {code(text)} | end |\n")
    assert shown.tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "code", "td"]
    assert " ".join(shown.text.split()) == " ".join(f"a b {text} end".split())


@pytest.mark.parametrize("text", ["@everyone", "see #12", "!34", "mail a@b.example"])
def test_mentions_and_references_are_broken(text):
    for shown in (plain(text), as_html(text)):
        assert "<!-- -->" in shown
