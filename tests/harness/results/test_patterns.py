import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.reading import Malformed
from oauth_gauntlet.results.patterns import PatternIndex, pattern_of

WORDS = st.sampled_from(["a", "b", "c"])
GRANTS = st.sampled_from(["", "[p]", "[r]", "[p+refresh]"])
NAMES = st.builds(lambda words, grant: ".".join(words) + (grant or "[p]"), st.lists(WORDS, min_size=1, max_size=4), GRANTS)
PATTERNS = st.builds(
    lambda words, grant: ".".join(words) + grant,
    st.lists(st.one_of(WORDS, st.just("*")), min_size=1, max_size=4),
    st.one_of(GRANTS, st.just("[*]")),
)


@pytest.mark.parametrize(
    ("one", "other"), [("a.b", "a.b.*"), ("a.b", "a.b[*]"), ("a.*", "a.*.*"), ("*", "*.*[*]"), ("a[p]", "a.*[p]")]
)
def test_what_is_left_out_and_a_star_at_the_end_are_the_same(one, other):
    assert pattern_of(one) == pattern_of(other)


def test_a_star_between_words_stands_for_one_word():
    pattern = pattern_of("a.*.c")
    assert [name for name in ("a.b.c[p]", "a.b.c.d[p]", "a.c[p]", "a.b.d[p]") if pattern.covers(name)] == [
        "a.b.c[p]",
        "a.b.c.d[p]",
    ]


@pytest.mark.parametrize("text", ["", "a..b", "a.b*", "a.b[]", "a.b[p*]", ".a"])
def test_a_star_for_a_part_of_a_word_and_an_empty_word_are_refused(text):
    with pytest.raises(Malformed, match="whole word"):
        pattern_of(text)


@given(texts=st.lists(PATTERNS, max_size=12), name=NAMES)
def test_the_index_finds_the_first_of_the_most_specific_patterns(texts, name):
    patterns = [pattern_of(text) for text in texts]
    covering = [number for number, pattern in enumerate(patterns) if pattern.covers(name)]
    expected = max(covering, key=lambda number: (patterns[number].precision, -number), default=None)
    assert PatternIndex(patterns).find(name) == expected


@pytest.mark.parametrize(
    ("text", "precision"),
    [("a.b[p]", (2, True)), ("a.b", (2, False)), ("a.*.c", (2, False)), ("a.*", (1, False)), ("*", (0, False))],
)
def test_a_pattern_is_as_specific_as_its_words_and_then_its_grant(text, precision):
    assert pattern_of(text).precision == precision


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (["*.b", "a.b"], 1),
        (["a.b", "a.b[p]"], 1),
        (["a", "*.b"], 0),
        (["a", "*.c"], 0),
        (["x", "*.b", "a"], 1),
        (["x", "*.c[r]"], None),
    ],
)
def test_among_equally_specific_patterns_the_first_applies(texts, number):
    assert PatternIndex(map(pattern_of, texts)).find("a.b[p]") == number
