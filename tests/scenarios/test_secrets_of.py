"""Secrets of a client: which ones there are, and in which encodings they are found."""

import base64
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.protocol import Token
from oauth_gauntlet_scenarios.secrets_of import excerpt, leaks, secrets_of
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.tenancy.journal import Journal


def client(config=None):
    journal = Journal()
    return SimpleNamespace(
        config=config or {},
        tenant=SimpleNamespace(journal=journal),
        token_requests=lambda: journal.requests("token"),
        renewal=None,
    )


def exchange(asked, *, authorization=None, answer=b"", endpoint="token", **form):
    headers = () if authorization is None else (("Authorization", authorization),)
    request = RecordedRequest(
        method="POST", target="/token", http_version="1.1", headers=headers, body=urlencode(form).encode(), raw=b""
    )
    response = None if answer is None else RecordedResponse(status=200, reason="OK", headers=(), body=answer)
    asked.tenant.journal.record(endpoint=endpoint, request=request, response=response)


def test_secrets_of_a_configuration():
    config = {
        "client_id": "c",
        "client_secret": "s1",
        "username": "u",
        "password": "s2",
        "refresh_token": "s3",
        "private_key_password": "s4",
        "scope": "a",
        "timeout": 5,
    }
    assert sorted(secrets_of(client(config))) == [
        ("client_secret", "s1"),
        ("password", "s2"),
        ("private_key_password", "s4"),
        ("refresh_token", "s3"),
    ]
    assert secrets_of(client({"client_secret": "", "password": None})) == []


def test_the_secret_of_a_key_is_a_line_from_its_middle():
    pem = private_pem("rsa")
    ((what, secret),) = secrets_of(client({"private_key": pem}))
    assert what == "private_key"
    assert len(secret) == 64
    assert secret in pem.splitlines()[2:-2]


def test_the_tokens_before_a_renewal_are_secrets():
    asked = client()
    asked.renewal = SimpleNamespace(old_token=None)
    assert secrets_of(asked) == []
    asked.renewal.old_token = Token(access_token="t1", refresh_token="t2")
    assert secrets_of(asked) == [("old access token", "t1"), ("old refresh token", "t2")]
    asked.renewal.old_token = Token(access_token="t1")
    assert secrets_of(asked) == [("old access token", "t1")]


def test_credentials_sent_and_tokens_issued_are_secrets():
    asked = client()
    exchange(asked, authorization="Basic YTpi", answer=b'{"access_token": "t1"}')
    exchange(asked, assertion="e30.e30.x", answer=b'{"access_token": "t2", "refresh_token": "r2", "scope": "a"}')
    exchange(asked, authorization="Bearer", answer=None)
    exchange(asked, answer=b"not JSON")
    exchange(asked, answer=b'["access_token"]')
    exchange(asked, answer=b'{"error": "invalid_grant"}')
    exchange(asked, answer=b'{"access_token": "elsewhere"}', endpoint="resource")
    assert secrets_of(asked) == [
        ("basic credentials", "YTpi"),
        ("assertion", "e30.e30.x"),
        ("access token", "t1"),
        ("access token", "t2"),
        ("refresh token", "r2"),
    ]


SECRET = "a b/ü+"


@pytest.mark.parametrize(
    "spelling",
    [SECRET, "a%20b/%C3%BC%2B", "a+b%2F%C3%BC%2B", base64.b64encode(SECRET.encode()).decode()],
    ids=["unchanged", "in a path", "in a form", "in base64"],
)
def test_a_secret_is_found_in_every_encoding(spelling):
    secrets = [("password", SECRET), ("token", "another")]
    assert leaks(secrets, ["nothing", f"<{spelling}>"]) == ["password"]
    assert leaks(secrets, [spelling[:-1], spelling[1:]]) == []


def test_each_kind_is_named_once_and_no_secret_is_found_across_two_texts():
    secrets = [("token", "t1"), ("password", "p1"), ("token", "t2")]
    assert leaks(secrets, ["t1 p1", "t2"]) == ["password", "token"]
    assert leaks(secrets, ["t", "1"]) == []
    assert leaks(secrets, []) == []
    assert leaks([("token", "X")], ["a", "b"]) == []


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["the secret", "b"], "the secret | b"),
        (["secret" + "-" * 20], "secret" + "-" * 14 + "..."),
        (["-" * 50, "a secret here"], "... | a secret here"),
        (["-" * 30 + "a%2Fb" + "-" * 30], "...-----a%2Fb----------..."),
        (["-" * 30], "-" * 20 + "..."),
    ],
)
def test_an_excerpt_contains_the_first_secret(texts, shown):
    assert excerpt([("kind", "secret"), ("kind", "a/b")], texts, size=20) == shown
