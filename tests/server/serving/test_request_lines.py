"""Lines for requests: aligned, escaped, cut; and as JSON."""

import json
import re

import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.serving.request_lines import as_json, as_text, heading, request_members
from oauth_gauntlet_server.tenancy.journal import Exchange

AT = 1_700_000_000.1234


def exchange(form=b"grant_type=client_credentials&client_id=web", *, endpoint="token", status=200, body=b"{}", **more):
    request = RecordedRequest(
        method=more.pop("method", "POST"),
        target=more.pop("target", "/shop/token?client_secret=hidden"),
        http_version="1.1",
        headers=(),
        body=form,
        raw=b"",
    )
    response = None if status is None else RecordedResponse(status=status, reason="", headers=(), body=body)
    return Exchange(sequence=1, endpoint=endpoint, request=request, response=response, duration_s=0.01234, **more)


def text(*arguments, tenant="shop", **more):
    return as_text(AT, request_members(tenant, exchange(*arguments, **more)))


def test_the_members():
    members = request_members("shop", exchange(status=400, body=b'{"error": "invalid_grant"}', faults=("oauth_error", "drip")))
    assert members == {
        "tenant": "shop",
        "endpoint": "token",
        "client": "web",
        "grant": "client_credentials",
        "status": 400,
        "error": "invalid_grant",
        "fault": "oauth_error+drip",
        "ms": 12.34,
        "method": "POST",
        "path": "/shop/token",
    }


def test_json_is_one_line_of_ascii_with_the_time_in_utc():
    line = as_json(AT, request_members("shop", exchange(b"client_id=%C3%A9%0A")))
    assert line.isascii()
    assert "\n" not in line
    document = json.loads(line)
    assert next(iter(document)) == "time"
    assert (document["time"], document["client"]) == ("2023-11-14T22:13:20.123Z", "é\n")


def test_text_is_aligned_with_its_heading():
    first, second = text(), text(b"", endpoint="jwks", status=404, tenant="a-tenant-with-a-long-name")
    assert re.match(r"\d\d:\d\d:20\.123  shop          token         web                 client_credentials  200 ", first)
    assert first.endswith("  -                      12.3 ms")
    assert second[14:26] == "a-tenant-w.."
    places = [heading().index(name) for name in ("tenant", "endpoint", "client", "grant", "status", "fault")]
    for line in (first, second):
        assert all(line[place - 1] == " " != line[place] for place in places)
    assert len(first) == len(heading())


def test_a_closed_connection_an_error_and_a_path():
    assert "  closed  " in text(status=None)
    assert text(status=401, body=b'{"error": "invalid_client"}').endswith(" ms  invalid_client")
    assert text(endpoint="other", tenant=None, target="/token", method="GET").endswith(" ms  GET /token")
    assert "  jwt-bearer  " in text(b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer")


@pytest.mark.parametrize("hostile", ["\x1b[2J", "a\nb", "a\tb", "\u202e", "\ud800", "\x9b31m", "\r"])
def test_nothing_of_a_client_controls_the_terminal(hostile):
    form = f"client_id=%{hostile.encode('utf-8', 'surrogatepass').hex('%')}&grant_type={'x' * 5000}".encode()
    lines = [
        text(form, endpoint="token"),
        text(form, endpoint="other", target=f"/{hostile}", method=f"GET{hostile}"),
        text(form, body=json.dumps({"error": hostile}).encode(), status=400),
    ]
    for line in lines:
        assert line.isprintable()
        assert len(line) < 1000
    assert as_json(AT, request_members("t", exchange(form, target=f"/{hostile}"))).isprintable()


def test_long_values_are_cut_in_json_too():
    document = json.loads(
        as_json(AT, request_members("t", exchange(b"client_id=" + b"x" * 100_000, target="/" + "y" * 60_000)))
    )
    assert (document["client"], document["path"]) == ("x" * 300 + "...", "/" + "y" * 299 + "...")
