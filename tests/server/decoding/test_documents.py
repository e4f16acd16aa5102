import gzip
import json
import zlib

import pytest

from oauth_gauntlet_server.decoding.documents import MOST_CONTENT, json_part, uncoded


def rows(content):
    part, _ = json_part(content, "x")
    return [(row.name, row.value, row.note) for row in part.rows]


def test_members_as_they_stand_twice_where_they_stand_twice():
    assert rows(b'{"a": "1", "b": 3.6e3, "a": null, "c": {"d": [true]}, "e": NaN}') == [
        ("a", '"1"', "2 times"),
        ("b", "3600.0", ""),
        ("a", "null", "2 times"),
        ("c", '{"d": [true]}', ""),
        ("e", "NaN", ""),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>", "This is no JSON"),
        (b"", "This is no JSON"),
        (b"\xff\xfe", "This is no JSON"),
        (b"[" * 100_000, "This is no JSON: it nests too deep"),
        (b'{"a": %s}' % (b"9" * 5000), "This is no JSON"),
        (b'["a"]', "This is JSON, but no object"),
        (b"x" * (MOST_CONTENT + 1), "nothing is read"),
    ],
)
def test_what_is_no_document_is_said(content, said):
    part, members = json_part(content, "x")
    assert said in part.finding
    assert members == {}


def test_unusual_encodings_are_read_as_json_readers_do():
    assert rows(json.dumps({"a": "é"}).encode("utf-16")) == [("a", '"é"', "")]
    assert rows(b"\xef\xbb\xbf{}") == []


def test_very_many_members_are_counted():
    part, _ = json_part(json.dumps({str(number): number for number in range(150)}).encode(), "x")
    shown = part.to_json()
    assert len(shown["rows"]) == 100
    assert shown["finding"] == "(50 more rows are not shown)"


def test_content_codings_are_undone_as_far_as_they_are_known():
    assert uncoded(b"x", None) == uncoded(b"x", "identity") == b"x"
    assert uncoded(gzip.compress(b"x"), "GZIP") == uncoded(zlib.compress(b"x"), "deflate") == b"x"
    assert uncoded(b"x", "gzip") is None
    assert uncoded(b"plain text", "gzip") is None
    assert uncoded(gzip.compress(b"x" * 100)[:-9], "gzip") is None
    assert uncoded(b"x", "br") is None
    assert len(uncoded(gzip.compress(bytes(50 * MOST_CONTENT)), "gzip")) == MOST_CONTENT + 1
