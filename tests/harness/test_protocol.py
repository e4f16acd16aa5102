import pytest

from oauth_gauntlet.protocol import (
    ErrorInfo,
    GrantType,
    ProtocolViolation,
    Token,
    error_from_json,
    hello_from_json,
    outcome_from_json,
    response_from_json,
    texts_from_json,
    token_from_json,
)

HELLO = {"protocol": 1, "client": {"name": "c"}, "grants": ["password"]}


def test_what_is_unknown_in_a_greeting_is_kept_apart_and_not_refused():
    hello = hello_from_json(
        HELLO | {"grants": ["password", "device"], "capabilities": ["fly"], "parameters": ["scope", "scop"], "more": 1}
    )
    assert hello.grants == {GrantType.PASSWORD}
    assert hello.parameters == {"scope"}
    assert hello.unknown == ("grants: device", "capabilities: fly", "parameters: scop")


@pytest.mark.parametrize(
    ("greeting", "words"),
    [
        ([], "hello: expected an object, got []"),
        (HELLO | {"protocol": 2}, "hello.protocol: expected 1, got 2"),
        (HELLO | {"client": {}}, "hello.client.name: expected the client's name"),
        (HELLO | {"client": {"name": "c", "version": 3}}, "hello.client.version: expected a string or null, got 3"),
        (HELLO | {"grants": None}, "hello.grants: expected a list of strings"),
        (HELLO | {"capabilities": "cache"}, "hello.capabilities: expected a list of strings"),
    ],
)
def test_what_is_wrong_in_a_greeting_is_named(greeting, words):
    with pytest.raises(ProtocolViolation) as caught:
        hello_from_json(greeting)
    assert words in str(caught.value)


@pytest.mark.parametrize("token", ["t", "", None, 5, {"value": "x"}])
def test_an_access_token_is_handed_on_whatever_it_is(token):
    assert token_from_json({"access_token": token}).access_token == token


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (token_from_json, {}, "token.access_token: missing"),
        (token_from_json, {"access_token": "t", "expires_in": "60"}, "token.expires_in: expected a number or null"),
        (token_from_json, {"access_token": "t", "expires_at": True}, "token.expires_at: expected a number or null"),
        (token_from_json, {"access_token": "t", "scope": ["a"]}, "token.scope: expected a string or null"),
        (error_from_json, {"kind": "sad"}, "error.kind: expected one of config, "),
        (error_from_json, {"kind": "oauth", "http_status": 400.5}, "error.http_status: expected a whole number"),
        (response_from_json, {"status": "200"}, "ok.status: expected a whole number"),
        (response_from_json, {"status": 200, "headers": [["a"]]}, "ok.headers: expected [[name, value], ...]"),
        (texts_from_json, {"texts": "a"}, "ok.texts: expected a list of strings"),
    ],
)
def test_a_member_of_another_type_is_named(read, value, words):
    with pytest.raises(ProtocolViolation) as caught:
        read(value)
    assert words in str(caught.value)


def test_an_outcome_is_a_token_or_an_error():
    assert isinstance(outcome_from_json({"token": {"access_token": "t"}}, "ok.results[0]"), Token)
    assert isinstance(outcome_from_json({"error": {"kind": "oauth"}}, "ok.results[0]"), ErrorInfo)
    for neither in ({}, {"token": {"access_token": "t"}, "error": {"kind": "oauth"}}):
        with pytest.raises(ProtocolViolation, match=r"ok\.results\[0\]: expected a member token or a member error"):
            outcome_from_json(neither, "ok.results[0]")


def test_a_lifetime_may_be_larger_than_any_float():
    # Python's json hands such numbers on as they stand, and so do clients.
    assert token_from_json({"access_token": "t", "expires_in": 10**400}).expires_in == 10**400


def test_what_was_read_comes_back_as_json():
    document = {
        "access_token": "t",
        "token_type": "Bearer",
        "expires_in": 60,
        "expires_at": 1.5,
        "refresh_token": "r",
        "scope": "a",
        "extra": {"b": 1},
    }
    assert token_from_json(document).to_json() == document
    error = error_from_json({"kind": "oauth", "oauth_error": "invalid_grant", "http_status": 400, "retry_after": 2})
    assert error_from_json(error.to_json()) == error
    response = response_from_json({"status": 200, "headers": [["A", "b"]], "body": "c"})
    assert response_from_json(response.to_json()) == response
