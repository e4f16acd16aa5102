import re
import socket
from urllib.parse import urlsplit

import pytest
import requests

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.headers import AnnouncedClose, ContentLength, Header, HugeHeaders, RawHeaders


def fields(octets):
    return octets.partition(b"\r\n\r\n")[0].split(b"\r\n")[1:]


def test_another_content_type_is_sent(tenant, post, token_app):
    tenant.arm(faults.content_type("text/html; charset=latin-1"), times=1)
    octets = post()
    assert octets.count(b"Content-Type: ") == 1
    assert b"\r\nContent-Type: text/html; charset=latin-1\r\n" in octets
    assert octets.endswith(token_app.document)
    assert len(token_app.seen) == 1


def test_the_content_type_is_removed(tenant, post, token_app):
    tenant.arm(faults.content_type(None))
    octets = post()
    assert b"content-type" not in octets.lower()
    assert octets.endswith(token_app.document)


@pytest.mark.parametrize(
    ("fault", "lines"),
    [
        (Header(header="cache-control", value=None), []),
        (Header(header="cache-control", value="public"), [b"cache-control: public"]),
        (Header(header="Cache-Control", value="public", add=True), [b"Cache-Control: no-store", b"Cache-Control: public"]),
    ],
)
def test_a_field_is_set_removed_or_added(tenant, post, fault, lines):
    tenant.arm(fault)
    assert [line for line in fields(post()) if line.lower().startswith(b"cache-control")] == lines


@pytest.mark.parametrize(("value", "stated"), [("{length}0", "%d0"), ("abc", "abc"), ("-{length}, 7", "-%d, 7")])
def test_another_content_length_is_sent_with_the_whole_document(tenant, post, token_app, value, stated):
    tenant.arm(ContentLength(value=value))
    octets = post()
    lengths = [line for line in fields(octets) if line.lower().startswith(b"content-length")]
    assert lengths == [b"Content-Length: " + (stated % len(token_app.document) if "%" in stated else stated).encode()]
    assert octets.endswith(token_app.document)


def test_the_connection_is_closed_after_a_wrong_content_length(server):
    tenant = server.tenant(strict=False)
    tenant.arm(ContentLength(value="{length}0"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        requests.post(
            tenant.token_url, {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}, timeout=60
        )


def test_an_announced_close_leaves_the_connection_open(server):
    tenant = server.tenant(strict=False)
    tenant.arm(AnnouncedClose(), times=1)
    url = urlsplit(tenant.token_url)
    with socket.create_connection((url.hostname, url.port), timeout=60) as connection, connection.makefile("rb") as answers:
        for option in (b"close", b"keep-alive"):
            connection.sendall(b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" % url.path.encode())
            head = b"".join(iter(answers.readline, b"\r\n"))
            assert b"Connection: %b\r\n" % option in head
            answers.read(int(re.search(rb"Content-Length: (\d+)", head)[1]))
    assert tenant.journal.count("token") == 2


@pytest.mark.parametrize(
    "octets",
    [b"X-Folded: one\r\n two", b"X-Space : before colon", b"no colon at all", b"X-Octets: \x00\xff\r\nX-Second: 2", b""],
)
def test_raw_lines_are_sent_unchanged_at_the_end_of_the_head(tenant, post, token_app, octets):
    genuine = post()
    tenant.arm(RawHeaders(octets=octets))
    head, _, _ = genuine.partition(b"\r\n\r\n")
    assert post() == head + b"\r\n" + octets + b"\r\n\r\n" + token_app.document


def test_huge_header_fields_are_added(tenant, post):
    tenant.arm(HugeHeaders(fields=3, octets=5000))
    huge = [line for line in fields(post()) if line.startswith(b"X-Huge-")]
    assert huge == [b"X-Huge-%d: %b" % (number, b"h" * 5000) for number in range(3)]


@pytest.mark.parametrize("parameters", [{"fields": 0}, {"octets": 0}, {"fields": 5_001}, {"octets": 200_001}])
def test_the_size_of_huge_headers_is_limited(parameters):
    with pytest.raises(faults.FaultError, match=r"expected a whole number between 1 and [52]0+$"):
        HugeHeaders(**parameters)
