import base64

import pytest

from oauth_gauntlet_server.http.grant_and_client import grant_and_client_of
from oauth_gauntlet_server.http.http_request import RecordedRequest


def request(body=b"", user=None):
    headers = () if user is None else (("Authorization", "Basic " + base64.b64encode(user + b":s").decode()),)
    return RecordedRequest(method="POST", target="/t/token", http_version="1.1", headers=headers, body=body, raw=b"")


@pytest.mark.parametrize("endpoint", ["token", "introspect", "revoke"])
def test_both_are_read_where_a_form_is_expected(endpoint):
    assert grant_and_client_of(endpoint, request(b"grant_type=password&client_id=c")) == ("password", "c")


@pytest.mark.parametrize("endpoint", ["resource", "jwks", "other"])
def test_nothing_is_read_elsewhere(endpoint):
    assert grant_and_client_of(endpoint, request(b"grant_type=password&client_id=c", user=b"c")) == (None, None)


def test_the_header_field_wins_over_the_form():
    assert grant_and_client_of("token", request(b"client_id=c", user=b"a%20b")) == (None, "a b")


@pytest.mark.parametrize(("body", "user", "client"), [(b"%", None, None), (b"", b"%", "%"), (b"client_id=c", b"\xff", "c")])
def test_a_malformed_request_raises_nothing(body, user, client):
    assert grant_and_client_of("token", request(body, user)) == (None, client)
