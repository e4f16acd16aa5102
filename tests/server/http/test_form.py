from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.http.form import FormError, decode_component, parse_form

texts = st.text(st.characters(exclude_categories=["Cs"]))


def test_the_example_of_rfc_6749_appendix_b():
    """RFC 6749 Appendix B: U+0020, U+0025, U+0026, U+002B, U+00A3, U+20AC."""
    assert parse_form(b"v=+%25%26%2B%C2%A3%E2%82%AC") == (("v", " %&+£€"),)


def test_order_duplicates_and_empty_values_are_kept():
    assert parse_form(b"b=1+2&a=&X=X+X&c%20+") == (("b", "1 2"), ("a", ""), ("X", "X X"), ("c  ", ""))
    assert parse_form(b"b=1&a=&b=2&c&=x&b=1") == (("b", "1"), ("a", ""), ("b", "2"), ("c", ""), ("", "x"), ("b", "1"))


def test_only_the_first_equals_sign_separates():
    assert parse_form(b"assertion=a==&x=b=c") == (("assertion", "a=="), ("x", "b=c"))


@pytest.mark.parametrize("body", [b"", b"&", b"&&"])
def test_an_empty_string_between_ampersands_is_not_a_pair(body):
    assert parse_form(body) == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"a=%", "percent sign"),
        (b"a=%4", "percent sign"),
        (b"a=%zz", "percent sign"),
        (b"%=a", "percent sign"),
        (b"a=%+1", "percent sign"),
        (b"a=%ff", "not UTF-8"),
        (b"a=%ed%a0%80", "not UTF-8"),
        (b"a=%c0%af", "not UTF-8"),
        ("a=é".encode(), "0xC3"),
        (b"a=b\r\n", "0x0D"),
        (b"a=\x00", "0x00"),
        (b"a=\x7f", "0x7F"),
    ],
)
def test_octets_that_do_not_decode_raise(body, reason):
    with pytest.raises(FormError, match=reason):
        parse_form(body)


def test_decode_component_is_as_strict_as_parse_form():
    with pytest.raises(FormError, match="0xC3"):
        decode_component("é".encode())
    assert decode_component(b"a+b%2Bc") == "a b+c"


@given(st.lists(st.tuples(texts, texts)), st.sampled_from([quote_plus, quote]))
def test_what_urllib_encodes_is_decoded_again(pairs, quote_via):
    encoded = urlencode(pairs, quote_via=quote_via).encode()
    assert parse_form(encoded) == tuple(pairs)


@given(st.binary())
def test_any_octets_decode_or_raise_form_error(body):
    try:
        pairs = parse_form(body)
    except FormError:
        return
    assert all(isinstance(part, str) for pair in pairs for part in pair)
