import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.token_response import MOST_LIFETIME_S, TokenResponseReader
from oauth_gauntlet.reference.transport import Response

TOKEN = {"access_token": "t", "token_type": "Bearer"}


def read(document, status=200, headers=()):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return TokenResponseReader().read(Response(status=status, headers=headers, body=body))


def failure(*arguments, **more):
    with pytest.raises(ClientFailure) as caught:
        read(*arguments, **more)
    return caught.value.error


@pytest.mark.parametrize(
    ("value", "lifetime"),
    [
        (3600, 3600),
        ("3600", 3600),
        (0, 0),
        (59.5, 59.5),
        (10**30, MOST_LIFETIME_S),
        (-1, None),
        (None, None),
        (True, None),
        ("soon", None),
        ("", None),
        ("٣", None),
        ([], None),
        ({}, None),
    ],
)
def test_a_lifetime_is_seconds_or_unknown(value, lifetime):
    assert read(TOKEN | {"expires_in": value}).expires_in == lifetime


@pytest.mark.parametrize("text", [b"NaN", b"1e400", b"-Infinity"])
def test_an_invalid_number_is_an_unknown_lifetime(text):
    assert read(b'{"access_token": "t", "token_type": "bearer", "expires_in": %s}' % text).expires_in is None


@pytest.mark.parametrize("value", [None, "", 5])
def test_an_invalid_refresh_token_counts_as_absent(value):
    assert read(TOKEN | {"refresh_token": value}).refresh_token is None


def test_unknown_members_are_kept_and_a_byte_order_mark_is_removed():
    granted = read(b"\xef\xbb\xbf" + json.dumps(TOKEN | {"id": 7}).encode())
    assert granted.extra == {"id": 7}
    assert "'t'" not in repr(granted)


@pytest.mark.parametrize(
    ("document", "status", "kind"),
    [
        (b"", 200, "protocol"),
        (b"<html>", 200, "protocol"),
        (b"[" * 100_000, 200, "protocol"),
        ([TOKEN], 200, "protocol"),
        ({}, 200, "protocol"),
        (TOKEN | {"access_token": None}, 200, "protocol"),
        (TOKEN | {"access_token": ""}, 200, "protocol"),
        (TOKEN | {"token_type": "mac"}, 200, "protocol"),
        (TOKEN | {"error": 5}, 200, "protocol"),
        (TOKEN | {"error": "invalid_grant"}, 200, "oauth"),
        (TOKEN, 201, "transport"),
        (TOKEN, 400, "transport"),
        ({"error": "invalid_grant"}, 400, "oauth"),
        ({"error": "invalid_grant"}, 500, "transport"),
        ({"error": None}, 400, "transport"),
        (b"<html>", 502, "transport"),
    ],
)
def test_a_response_without_a_token_is_an_error_of_a_documented_kind(document, status, kind):
    error = failure(document, status=status)
    assert error.kind == kind
    assert error.http_status in {status, None}


def test_the_error_contains_the_servers_texts():
    error = failure({"error": "a", "error_description": "b", "error_uri": "c"}, status=401)
    assert (error.oauth_error, error.oauth_error_description, error.oauth_error_uri) == ("a", "b", "c")
    assert failure(b"", status=503, headers=(("Retry-After", "7"),)).retry_after == 7


@given(st.binary(), st.integers(200, 599))
def test_any_octets_give_a_grant_or_a_documented_error(octets, status):
    try:
        granted = read(octets, status=status)
    except ClientFailure:
        return
    assert granted.access_token
