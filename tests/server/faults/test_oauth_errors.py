import json

import pytest

from oauth_gauntlet_server import faults


def parts(octets):
    head, _, body = octets.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    return lines[0], dict(line.split(": ", 1) for line in lines[1:]), body


def test_an_error_is_sent_with_exactly_these_octets(tenant, post, token_app):
    """RFC 6749 §5.2."""
    tenant.arm(faults.oauth_error("invalid_grant"))
    octets = post()
    assert octets == (
        b"HTTP/1.1 400 Bad Request\r\n"
        b"Content-Type: application/json\r\n"
        b"Cache-Control: no-store\r\n"
        b"Pragma: no-cache\r\n"
        b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
        b"Content-Length: 26\r\n"
        b"Connection: close\r\n"
        b"\r\n"
        b'{"error": "invalid_grant"}'
    )
    assert token_app.seen == []


def test_the_error_has_a_description_and_a_uri(tenant, post):
    tenant.arm(faults.oauth_error("x", description="d", uri="http://u"))
    assert json.loads(parts(post())[2]) == {"error": "x", "error_description": "d", "error_uri": "http://u"}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 500])
def test_a_challenge_is_sent_with_401_only(tenant, post, status):
    tenant.arm(faults.oauth_error("invalid_client", status=status))
    line, headers, _ = parts(post())
    assert line.startswith(f"HTTP/1.1 {status} ")
    assert ("WWW-Authenticate" in headers) == (status == 401)
    assert headers["Cache-Control"] == "no-store"
