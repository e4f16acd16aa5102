import gzip
import json
import subprocess
import zlib

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.content_coding import Charset, Chunked, ContentCoding, FormEncoded


def parts(octets):
    head, _, body = octets.partition(b"\r\n\r\n")
    return {line.split(b": ")[0].lower(): line.split(b": ", 1)[1] for line in head.split(b"\r\n")[1:]}, body


@pytest.mark.parametrize(("coding", "decode"), [("gzip", gzip.decompress), ("deflate", zlib.decompress)])
def test_a_coded_answer_decodes(tenant, post, token_app, coding, decode):
    tenant.arm(ContentCoding(coding=coding))
    headers, body = parts(post())
    assert headers[b"content-encoding"] == coding.encode()
    assert int(headers[b"content-length"]) == len(body)
    assert decode(body) == token_app.document


@pytest.mark.parametrize("size", [1, 90, 0x10000, 0x10001, 200_000])
def test_another_implementation_reads_our_brotli(tenant, post, token_app, size):
    token_app.document = bytes(range(256)) * (size // 256 + 1)
    token_app.document = token_app.document[:size]
    tenant.arm(ContentCoding(coding="br"))
    headers, body = parts(post())
    assert headers[b"content-encoding"] == b"br"
    script = "process.stdin.pipe(require('zlib').createBrotliDecompress()).pipe(process.stdout)"
    decoded = subprocess.run(["node", "-e", script], input=body, capture_output=True, timeout=60, check=True).stdout
    assert decoded == token_app.document


def test_flaws_of_a_coding(tenant, post, token_app):
    coded = gzip.compress(token_app.document, mtime=0)
    seen = {}
    for flaw in ("truncated", "not-coded", "unlabelled", "corrupt", "twice"):
        tenant.armed.clear()
        tenant.arm(ContentCoding(coding="gzip", flaw=flaw))
        seen[flaw] = parts(post())
    assert seen["truncated"][1] == coded[: len(coded) // 2]
    assert seen["not-coded"][1] == token_app.document
    assert seen["not-coded"][0][b"content-encoding"] == b"gzip"
    assert seen["unlabelled"][1] == coded
    assert b"content-encoding" not in seen["unlabelled"][0]
    assert seen["corrupt"][1] != coded
    with pytest.raises(gzip.BadGzipFile, match="CRC"):
        gzip.decompress(seen["corrupt"][1])
    unchecked = json.loads(zlib.decompressobj(-zlib.MAX_WBITS).decompress(seen["corrupt"][1][10:]))
    genuine = json.loads(token_app.document)
    assert unchecked.pop("access_token")[1:] == genuine.pop("access_token")[1:]
    assert unchecked == genuine
    assert seen["twice"][0][b"content-encoding"] == b"gzip, gzip"
    assert gzip.decompress(gzip.decompress(seen["twice"][1])) == token_app.document


@pytest.mark.parametrize(
    ("fault", "body"),
    [
        (Chunked(octets=3), b"3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"),
        (Chunked(octets=9, trailer=True), b"4\r\nabcd\r\n0\r\nX-Trailer: after the content\r\n\r\n"),
        (Chunked(octets=3, flaw="no-last-chunk"), b"3\r\nabc\r\n1\r\nd\r\n"),
        (Chunked(octets=9, flaw="bad-size"), b"zz\r\nabcd\r\n0\r\n\r\n"),
        (Chunked(octets=9, flaw="size-too-large"), b"3ec\r\nabcd\r\n"),
        (Chunked(octets=3, flaw="no-crlf"), b"3\r\nabc1\r\nd0\r\n\r\n"),
    ],
)
def test_the_body_is_sent_in_chunks(tenant, post, token_app, fault, body):
    token_app.document = b"abcd"
    tenant.arm(fault)
    headers, seen = parts(post())
    assert seen == body
    assert headers[b"transfer-encoding"] == b"chunked"
    assert b"content-length" not in headers
    assert headers[b"connection"] == b"close"


def test_chunks_with_a_content_length(tenant, post, token_app):
    token_app.document = b"abcd"
    tenant.arm(Chunked(octets=9, flaw="with-content-length"))
    headers, body = parts(post())
    assert (headers[b"transfer-encoding"], headers[b"content-length"]) == (b"chunked", b"4")
    assert body == b"4\r\nabcd\r\n0\r\n\r\n"


@pytest.mark.parametrize(
    ("fault", "body", "content_type"),
    [
        (Charset(bom=True), b'\xef\xbb\xbf{"a": "\xc3\xa9"}', b"application/json"),
        (Charset(codec="utf-16-le", bom=True, label="utf-16"), None, b"application/json;charset=utf-16"),
        (Charset(codec="iso-8859-1"), b'{"a": "\xe9"}', b"application/json"),
        (Charset(label="klingon"), b'{"a": "\xc3\xa9"}', b"application/json;charset=klingon"),
    ],
)
def test_the_body_is_encoded_in_the_charset(tenant, post, token_app, fault, body, content_type):
    token_app.document = '{"a": "é"}'.encode()
    tenant.arm(fault)
    headers, seen = parts(post())
    assert seen == (body if body is not None else '{"a": "é"}'.encode("utf-16"))
    assert headers[b"content-type"] == content_type


def test_the_document_is_sent_as_a_form(tenant, post):
    tenant.arm(FormEncoded(content_type="text/plain"))
    headers, body = parts(post())
    assert body == b"access_token=at&token_type=Bearer&expires_in=3600&refresh_token=rt"
    assert headers[b"content-type"] == b"text/plain"


def test_the_error_of_an_unknown_flaw_names_the_known_flaws():
    with pytest.raises(faults.FaultError, match="content_coding: flaw: got 'torn': expected one of none, truncated, "):
        faults.fault("content_coding", flaw="torn")
