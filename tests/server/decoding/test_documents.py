import gzip
import json
import zlib

import pytest

from oauth_gauntlet_server.decoding.documents import MOST_CONTENT, json_part, uncoded


def rows(content):
    part, _ = json_part(content, "x")
    return [(row.name, row.value, row.note) for row in part.rows]


def test_members_keep_their_order_and_repetitions():
    assert rows(b'{"a": "1", "b": 3.6e3, "a": null, "c": {"d": [true]}, "e": NaN}') == [
        ("a", '"1"', "2 times"),
        ("b", "3600.0", ""),
        ("a", "null", "2 times"),
        ("c", '{"d": [true]}', ""),
        ("e", "NaN", ""),
    ]


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"<html>", "The content is not JSON: "),
        (b"", "The content is not JSON: "),
        (b"\xff\xfe", "The content is not JSON: "),
        (b"[" * 100_000, "The content is not JSON: it is nested too deeply."),
        (b'{"a": %s}' % (b"9" * 5000), "The content is not JSON: "),
        (b'["a"]', "The content is JSON, but not an object."),
        (
            b"x" * (MOST_CONTENT + 1),
            f"The content has {MOST_CONTENT + 1} octets; only up to {MOST_CONTENT} octets are decoded.",
        ),
    ],
)
def test_content_that_is_not_a_json_object_is_explained(content, finding):
    part, members = json_part(content, "x")
    assert part.finding.startswith(finding)
    assert members == {}


def test_utf_16_and_a_byte_order_mark_are_accepted():
    assert rows(json.dumps({"a": "é"}).encode("utf-16")) == [("a", '"é"', "")]
    assert rows(b"\xef\xbb\xbf{}") == []


def test_only_the_first_hundred_members_are_shown():
    part, _ = json_part(json.dumps({str(number): number for number in range(150)}).encode(), "x")
    shown = part.to_json()
    assert len(shown["rows"]) == 100
    assert shown["finding"] == "(50 more rows are not shown)"


def test_gzip_and_deflate_are_decoded_and_other_codings_are_not():
    assert uncoded(b"x", None) == uncoded(b"x", "identity") == b"x"
    assert uncoded(gzip.compress(b"x"), "GZIP") == uncoded(zlib.compress(b"x"), "deflate") == b"x"
    assert uncoded(b"x", "gzip") is None
    assert uncoded(b"plain text", "gzip") is None
    assert uncoded(gzip.compress(b"x" * 100)[:-9], "gzip") is None
    assert uncoded(b"x", "br") is None
    assert len(uncoded(gzip.compress(bytes(50 * MOST_CONTENT)), "gzip")) == MOST_CONTENT + 1
