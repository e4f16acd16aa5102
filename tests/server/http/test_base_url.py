"""The base URL of a request, from its Host and from what proxies add; and base URLs that users name."""

import pytest

from oauth_gauntlet_server.http.base_url import (
    BaseURLError,
    BaseURLSource,
    at_host,
    checked_base_url,
    host_name,
    is_host,
    origin_and_path,
)
from oauth_gauntlet_server.http.http_request import RecordedRequest


def base_url(source, *headers, target="/t/token", **more):
    request = RecordedRequest(method="GET", target=target, http_version="1.1", headers=headers, body=b"", raw=b"")
    return source.base_url(request, **{"scheme": "http", **more})


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "AUTH:8080", "my_service", "a.b-c.example:1", "192.0.2.1:80", "[::1]", "[2001:db8::1]:443"],
)
def test_the_host_of_a_request_is_kept_as_the_client_wrote_it(host):
    assert base_url(BaseURLSource.HOST, ("Host", host)) == f"http://{host}"
    assert is_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "a b",
        "a/b",
        "a@b",
        "a?b",
        "a#b",
        'a"b',
        "<b>",
        "a\\b",
        "a:",
        "a:x",
        "a:65536",
        "a:1:2",
        "::1",
        "[::1",
        "[1]",
        "[::g]",
        "é",
        "a%20b",
        "a,b",
        "x" * 254,
    ],
)
def test_what_is_no_host_is_ignored(host):
    assert base_url(BaseURLSource.HOST, ("Host", host)) is None
    assert not is_host(host)


def test_without_exactly_one_host_the_request_names_no_base_url():
    assert base_url(BaseURLSource.HOST) is None
    assert base_url(BaseURLSource.HOST, ("Host", "a"), ("Host", "b")) is None


def test_scheme_and_mount_are_those_of_the_connection_and_of_the_wsgi_server():
    assert base_url(BaseURLSource.HOST, ("Host", "a"), scheme="https", mount="/auth") == "https://a/auth"


def test_the_authority_of_an_absolute_target_takes_precedence():
    """RFC 9112 §3.2.2."""
    assert base_url(BaseURLSource.HOST, ("Host", "a"), target="http://b:1/t/token?x=//c") == "http://b:1"


def test_by_default_requests_decide_nothing():
    assert base_url(BaseURLSource.SERVER, ("Host", "a"), ("X-Forwarded-Host", "b")) is None


def test_without_trust_what_a_proxy_adds_is_ignored():
    headers = (("Host", "a"), ("X-Forwarded-Host", "b"), ("X-Forwarded-Proto", "https"), ("Forwarded", "host=c"))
    assert base_url(BaseURLSource.HOST, *headers) == "http://a"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "http://inner:8080"),
        ({"X-Forwarded-Proto": "https"}, "https://inner:8080"),
        ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "auth.example"}, "https://auth.example"),
        ({"X-Forwarded-Proto": "HTTPS, http", "X-Forwarded-Host": "auth.example, inner"}, "https://auth.example"),
        ({"X-Forwarded-Host": "auth.example", "X-Forwarded-Port": "8443"}, "http://auth.example:8443"),
        ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "a", "X-Forwarded-Port": "443"}, "https://a"),
        ({"X-Forwarded-Proto": "http", "X-Forwarded-Host": "a", "X-Forwarded-Port": "80"}, "http://a"),
        ({"X-Forwarded-Proto": "http", "X-Forwarded-Host": "a", "X-Forwarded-Port": "443"}, "http://a:443"),
        ({"X-Forwarded-Host": "a:1", "X-Forwarded-Port": "2"}, "http://a:1"),
        ({"X-Forwarded-Prefix": "/auth/"}, "http://inner:8080/auth"),
        ({"X-Forwarded-Prefix": "/a, /b"}, "http://inner:8080/a/b"),
        ({"X-Forwarded-Prefix": "/"}, "http://inner:8080"),
        ({"Forwarded": "for=192.0.2.1;proto=https;host=auth.example"}, "https://auth.example"),
        ({"Forwarded": 'for="[2001:db8::1]:4711"; Proto=HTTPS ; Host="auth.example:8443"'}, "https://auth.example:8443"),
        ({"Forwarded": "proto=https;host=outer, proto=http;host=inner2"}, "https://outer"),
        ({"Forwarded": "host=new", "X-Forwarded-Host": "old", "X-Forwarded-Proto": "https"}, "https://new"),
        ({"Forwarded": "prefix=/x;port=1;host=a"}, "http://a"),
    ],
)
def test_a_trusted_proxy_decides(headers, expected):
    assert base_url(BaseURLSource.PROXY, ("Host", "inner:8080"), *headers.items()) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "javascript"},
        {"X-Forwarded-Host": "a/b"},
        {"X-Forwarded-Port": "0"},
        {"X-Forwarded-Port": "99999"},
        {"X-Forwarded-Port": "²"},
        {"X-Forwarded-Prefix": "//evil.example"},
        {"X-Forwarded-Prefix": "/a?b"},
        {"X-Forwarded-Prefix": "a"},
        {"Forwarded": "host=a b"},
        {"Forwarded": 'host="a'},
        {"Forwarded": ""},
        {"Forwarded": ";;,"},
    ],
)
def test_what_is_not_valid_in_the_fields_of_a_proxy_is_ignored(headers):
    assert base_url(BaseURLSource.PROXY, ("Host", "inner:8080"), *headers.items()) == "http://inner:8080"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://localhost:8080", "http://localhost:8080"),
        ("https://auth.example/", "https://auth.example"),
        ("https://auth.example/a/b/", "https://auth.example/a/b"),
        ("http://[::1]:1/a", "http://[::1]:1/a"),
    ],
)
def test_a_base_url_of_a_user_loses_only_its_last_slash(text, expected):
    assert checked_base_url(text) == expected


@pytest.mark.parametrize(
    "text", ["", "localhost:8080", "ftp://a", "http://", "http://a b", "http://a?x", "http://a/#", "http://u@a", "http://a//b"]
)
def test_what_is_no_base_url_is_rejected(text):
    with pytest.raises(BaseURLError, match="expected http:// or https://"):
        checked_base_url(text)


def test_the_parts_of_a_base_url():
    assert origin_and_path("https://a:1/b/c") == ("https://a:1", "/b/c")
    assert origin_and_path("https://a:1") == ("https://a:1", "")
    assert [host_name(url) for url in ("http://a:1/b", "http://[::1]:1", "http://a")] == ["a", "[::1]", "a"]
    assert at_host("http://127.0.0.1:1/b", "[::1]") == "http://[::1]:1/b"
