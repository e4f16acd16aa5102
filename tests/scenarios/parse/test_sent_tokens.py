"""The access tokens that a request to a resource contains."""

import pytest

from oauth_gauntlet_scenarios.parse.sent_tokens import sent_tokens
from oauth_gauntlet_server import RecordedRequest


def request(target="/resource", *, authorization=None, body=b""):
    headers = () if authorization is None else (("Authorization", authorization),)
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=body, raw=b"")


@pytest.mark.parametrize(
    ("sent", "tokens"),
    [
        (request(), ()),
        (request(authorization="Bearer a+b/c=="), ("a+b/c==",)),
        (request(authorization="bearer   a"), ("a",)),
        (request("/resource?x=1&access_token=a%2Bb"), ("a+b",)),
        (request(body=b"access_token=a%2Fb&x=1"), ("a/b",)),
        (request("/resource?access_token=one", authorization="Bearer two", body=b"access_token="), ("two", "one")),
        (request("/resource?token=one", body=b'{"a": "b"}'), ()),
    ],
)
def test_tokens_are_found_in_the_three_places_decoded(sent, tokens):
    assert sent_tokens(sent) == tokens
