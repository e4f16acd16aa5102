import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_reports.evidence.sources import linked_parts, source_parts, source_url, web_url
from oauth_gauntlet_scenarios.catalogue import scenarios

RFC = "https://www.rfc-editor.org/rfc/rfc"


DIGITS = st.characters(categories=["Nd"])
SECTIONS = st.text(DIGITS | st.sampled_from(".ABZ"), min_size=1)
PIECES = st.sampled_from([", ", "; ", "practice"]) | st.builds("RFC {} {}".format, st.text(DIGITS, min_size=1), SECTIONS)


def linked(source):
    return [(part.text, part.url.removeprefix(RFC)) for part in source_parts(source) if part.url]


@pytest.mark.parametrize(
    ("source", "links"),
    [
        ("practice", []),
        ("RFC 5958", [("RFC 5958", "5958")]),
        ("RFC 6749 5.1, 5.2", [("RFC 6749 5.1", "6749#section-5.1"), ("5.2", "6749#section-5.2")]),
        ("RFC 6749 5.1, Appendix A", [("RFC 6749 5.1", "6749#section-5.1"), ("Appendix A", "6749#appendix-A")]),
        ("RFC 6749 1.4, A.12", [("RFC 6749 1.4", "6749#section-1.4"), ("A.12", "6749#appendix-A.12")]),
        ("practice; RFC 9110 9.2.2", [("RFC 9110 9.2.2", "9110#section-9.2.2")]),
        ("RFC 7523 3; connector: JWT issuer, subject", [("RFC 7523 3", "7523#section-3")]),
        ("connector: a, 3, 4", []),
        ("RFC 6749 javascript:alert(1)", []),
    ],
)
def test_links_of_a_source(source, links):
    assert linked(source) == links


@given(st.text() | st.lists(PIECES).map("".join))
def test_the_parts_are_the_source(source):
    assert "".join(part.text for part in source_parts(source)) == source
    assert all(part.url is None or part.url.startswith(RFC) for part in source_parts(source))


def test_every_rfc_in_a_scenario_is_linked():
    sources = {scenario.requirement.source for scenario in scenarios()}
    assert len(sources) > 50
    for source in sources:
        assert len(re.findall("RFC", source)) <= len(linked(source)), source


def test_the_first_link():
    assert source_url("practice; RFC 6749 5.2") == f"{RFC}6749#section-5.2"
    assert source_url("practice") is None


@pytest.mark.parametrize("url", ["https://example.org/a?b#c", "http://127.0.0.1:8080"])
def test_http_urls_are_accepted(url):
    assert web_url(url) == url


@pytest.mark.parametrize(
    "value",
    [
        *(
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//x",
            "x",
        ),
        *("https://", "http://[", "https://x y", "https://x\x00", "https://\u202ex", "", None, 1, ["https://x"]),
    ],
)
def test_other_values_are_rejected(value):
    assert web_url(value) is None


def test_urls_in_a_text_are_links_without_trailing_punctuation():
    text = "see https://example.org/issues/1, (https://example.org/a?b=c#d); javascript:x http:// none found (2026)."
    parts = linked_parts(text)
    assert "".join(part.text for part in parts) == text
    assert [part.url for part in parts if part.url] == ["https://example.org/issues/1", "https://example.org/a?b=c#d"]


@pytest.mark.parametrize("text", ["", "https://[", 'https://a"onload=x', "https://\u202ex"])
def test_a_hostile_text_is_kept_and_not_linked(text):
    parts = linked_parts(text)
    assert "".join(part.text for part in parts) == text
    assert all(part.url is None or part.url == web_url(part.url) for part in parts)
