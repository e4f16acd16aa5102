import re

import pytest

from oauth_gauntlet.protocol import (
    Capability,
    ClientInfo,
    ErrorInfo,
    ErrorKind,
    GrantType,
    Hello,
    ProtocolViolation,
    ResourceResponse,
    Token,
    error_from_json,
    hello_from_json,
    now_from_json,
    response_from_json,
    response_outcome_from_json,
    texts_from_json,
    token_from_json,
    token_outcome_from_json,
    utc_offset_from_json,
)

HELLO = {"protocol": 1, "client": {"name": "c"}, "grants": ["password"]}


def test_unknown_names_in_hello_are_accepted_as_unknown():
    hello = hello_from_json(
        HELLO | {"grants": ["password", "device"], "capabilities": ["fly"], "parameters": ["scope", "scop"], "more": 1}
    )
    assert hello.grants == {GrantType.PASSWORD}
    assert hello.parameters == {"scope"}
    assert hello.unknown == ("grants: device", "capabilities: fly", "parameters: scop")


@pytest.mark.parametrize(
    ("hello_json", "words"),
    [
        ([], "hello: expected an object, got []"),
        (HELLO | {"protocol": 2}, "hello.protocol: expected 1, got 2"),
        (HELLO | {"client": {}}, "hello.client.name: expected the client's name"),
        (HELLO | {"client": {"name": "c", "version": 3}}, "hello.client.version: expected a string or null, got 3"),
        (HELLO | {"grants": None}, "hello.grants: expected a list of strings"),
        (HELLO | {"capabilities": "cache"}, "hello.capabilities: expected a list of strings"),
        (HELLO | {"profiles": "ours"}, "hello.profiles: expected a list of strings"),
    ],
)
def test_a_wrong_member_of_hello_is_named(hello_json, words):
    with pytest.raises(ProtocolViolation) as caught:
        hello_from_json(hello_json)
    assert words in str(caught.value)


@pytest.mark.parametrize("token", ["t", "", None, 5, {"value": "x"}])
def test_an_access_token_may_be_any_value(token):
    assert token_from_json({"access_token": token}).access_token == token


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (token_from_json, {}, "token.access_token: missing"),
        (token_from_json, {"access_token": "t", "expires_in": "60"}, "token.expires_in: expected a number or null"),
        (token_from_json, {"access_token": "t", "expires_at": True}, "token.expires_at: expected a number or null"),
        (token_from_json, {"access_token": "t", "scope": ["a"]}, "token.scope: expected a string or null"),
        (
            error_from_json,
            {"kind": "sad"},
            "error.kind: expected one of config, oauth, protocol, transport, timeout, cancelled, unexpected; got 'sad'",
        ),
        (
            error_from_json,
            {"kind": "oauth", "http_status": 400.5},
            "error.http_status: expected a whole number or null, got 400.5",
        ),
        (response_from_json, {"status": "200"}, "ok.status: expected a whole number"),
        (response_from_json, {"status": 200, "headers": [["a"]]}, "ok.headers: expected [[name, value], ...]"),
        (texts_from_json, {"texts": "a"}, "ok.texts: expected a list of strings"),
    ],
)
def test_a_member_with_a_wrong_type_is_named(read, value, words):
    with pytest.raises(ProtocolViolation) as caught:
        read(value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (hello_from_json, HELLO),
        (token_from_json, {"access_token": "t"}),
        (error_from_json, {"kind": "oauth"}),
        (token_outcome_from_json, {"error": {"kind": "oauth"}}),
        (response_outcome_from_json, {"error": {"kind": "oauth"}}),
        (response_from_json, {"status": 200}),
        (texts_from_json, {"texts": []}),
    ],
)
def test_a_value_that_is_no_object_is_named_by_its_path(read, value):
    path = () if read is hello_from_json else ("ok.results[7]",)
    read(value, *path)
    for other in (None, [], "x", 5):
        with pytest.raises(ProtocolViolation) as caught:
            read(other, *path)
        assert str(caught.value) == f"{path[0] if path else 'hello'}: expected an object, got {other!r}"


@pytest.mark.parametrize(
    ("read", "document", "texts", "numbers"),
    [
        (
            token_from_json,
            {"access_token": "t"},
            ["token_type", "refresh_token", "scope"],
            ["expires_in", "expires_at"],
        ),
        (
            error_from_json,
            {"kind": "oauth"},
            ["message", "type", "oauth_error", "oauth_error_description", "oauth_error_uri"],
            ["http_status", "retry_after"],
        ),
        (response_from_json, {"status": 200}, ["body"], []),
    ],
)
def test_each_member_is_checked_and_named(read, document, texts, numbers):
    for name, kind, wrong in (
        *((name, "string", 5) for name in texts),
        *((name, "number", value) for name in numbers for value in ("5", True, [])),
    ):
        read(document | {name: None}, "here")
        with pytest.raises(ProtocolViolation) as caught:
            read(document | {name: wrong}, "here")
        assert str(caught.value) == f"here.{name}: expected a {kind} or null, got {wrong!r}"
    for name in numbers:
        for endless in (float("inf"), float("nan")):
            with pytest.raises(ProtocolViolation, match=rf"^here\.{name}: expected a finite number or null, got {endless}$"):
                read(document | {name: endless}, "here")


def test_a_nested_member_is_named_by_its_whole_path():
    for value, words in (
        ({"token": {}}, "here.token.access_token: missing"),
        ({"token": {"access_token": "t", "extra": [1]}}, "here.token.extra: expected an object"),
        (
            {"error": {}},
            "here.error.kind: expected one of config, oauth, protocol, transport, timeout, cancelled, unexpected; got None",
        ),
    ):
        with pytest.raises(ProtocolViolation, match=f"^{re.escape(words)}"):
            token_outcome_from_json(value, "here")


@pytest.mark.parametrize("name", ["version", "language", "runtime", "url"])
def test_the_members_of_client_are_kept_and_checked(name):
    assert getattr(hello_from_json(HELLO | {"client": {"name": "c", name: "x"}}).client, name) == "x"
    assert getattr(hello_from_json(HELLO).client, name) == ""
    with pytest.raises(ProtocolViolation, match=rf"^hello\.client\.{name}: expected a string or null, got 5$"):
        hello_from_json(HELLO | {"client": {"name": "c", name: 5}})


def test_all_declarations_of_hello_are_kept():
    hello_json = HELLO | {
        "grants": [grant.value for grant in reversed(GrantType)],
        "capabilities": [capability.value for capability in Capability],
        "parameters": ["ca_file", "scope"],
        "token_endpoint_auth_methods": ["none", "client_secret_basic"],
        "profiles": ["theirs", "ours"],
    }
    hello = hello_from_json(hello_json)
    assert (hello.client, hello.grants) == (ClientInfo(name="c"), set(GrantType))
    assert (hello.capabilities, hello.unknown) == (set(Capability), ())
    assert hello.declared() == {
        "grants": sorted(hello_json["grants"]),
        "parameters": ["ca_file", "scope"],
        "capabilities": sorted(hello_json["capabilities"]),
        "token_endpoint_auth_methods": ["client_secret_basic", "none"],
        "profiles": ["ours", "theirs"],
    }


def test_a_short_hello_declares_nothing_else():
    hello = hello_from_json(HELLO)
    assert hello == Hello(client=ClientInfo(name="c"), grants=frozenset({GrantType.PASSWORD}))
    assert (hello.token_endpoint_auth_methods, hello.parameters, hello.capabilities, hello.profiles) == (set(),) * 4


@pytest.mark.parametrize("name", [5, "", None])
def test_a_client_has_a_name(name):
    with pytest.raises(ProtocolViolation, match=rf"^hello\.client\.name: expected the client's name, got {name!r}$"):
        hello_from_json(HELLO | {"client": {"name": name}})


def test_the_client_of_hello_is_an_object():
    with pytest.raises(ProtocolViolation, match=r"^hello\.client: expected an object, got None$"):
        hello_from_json({"protocol": 1, "grants": []})


def test_a_short_token_and_a_short_error_have_null_for_the_rest():
    assert token_from_json({"access_token": "t"}) == Token(access_token="t")
    assert Token(access_token="t").to_json() == {
        "access_token": "t",
        **dict.fromkeys(["token_type", "expires_in", "expires_at", "refresh_token", "scope"]),
        "extra": {},
    }
    assert error_from_json({"kind": "oauth"}) == ErrorInfo(kind=ErrorKind.OAUTH, message="")
    names = ["oauth_error", "oauth_error_description", "oauth_error_uri", "http_status", "retry_after"]
    assert ErrorInfo(kind=ErrorKind.OAUTH, message="m").to_json() == {
        "kind": "oauth",
        "message": "m",
        "type": "",
        **dict.fromkeys(names),
    }


@pytest.mark.parametrize("status", ["200", 200.0, True, None])
def test_a_status_is_a_whole_number(status):
    with pytest.raises(ProtocolViolation, match=rf"^ok\.status: expected a whole number, got {status!r}$"):
        response_from_json({"status": status})


def test_headers_are_pairs_in_order():
    pairs = [["A", "1"], ["b", "2"], ["A", "3"]]
    assert response_from_json({"status": 200, "headers": pairs}).headers == (("A", "1"), ("b", "2"), ("A", "3"))
    assert response_from_json({"status": 200, "headers": None}).headers == ()
    for wrong in ("a", {"A": "1"}, 5):
        with pytest.raises(ProtocolViolation) as caught:
            response_from_json({"status": 200, "headers": wrong})
        assert str(caught.value) == f"ok.headers: expected [[name, value], ...], got {wrong!r}"
    for pair in (["a"], ["a", 1], ["a", "b", "c"], "ab"):
        with pytest.raises(ProtocolViolation) as caught:
            response_from_json({"status": 200, "headers": [["x", "y"], pair]})
        assert str(caught.value) == f"ok.headers: expected [[name, value], ...], got {pair!r}"


def test_texts_are_strings_and_required():
    assert texts_from_json({"texts": ["a", ""]}) == ("a", "")
    for wrong in (None, "a", [5]):
        with pytest.raises(ProtocolViolation) as caught:
            texts_from_json({"texts": wrong}, "here")
        assert str(caught.value) == f"here.texts: expected a list of strings, got {wrong!r}"


def test_the_time_is_a_number():
    assert now_from_json({"now": 1.5}) == 1.5
    for wrong, words in (({}, "ok.now: expected a number of seconds"), ({"now": "x"}, "ok.now: expected a number or null")):
        with pytest.raises(ProtocolViolation, match=f"^{re.escape(words)}"):
            now_from_json(wrong)


@pytest.mark.parametrize(("length", "shown"), [(78, "'" + "x" * 78 + "'"), (79, "'" + "x" * 76 + "...")])
def test_the_error_contains_the_start_of_a_long_value(length, shown):
    with pytest.raises(ProtocolViolation) as caught:
        texts_from_json("x" * length)
    assert str(caught.value) == f"ok: expected an object, got {shown}"


@pytest.mark.parametrize(
    ("read", "member", "value", "kind"),
    [
        (token_outcome_from_json, "token", {"access_token": "t"}, Token),
        (response_outcome_from_json, "response", {"status": 200}, ResourceResponse),
    ],
)
def test_an_outcome_is_what_was_asked_for_or_an_error(read, member, value, kind):
    assert isinstance(read({member: value}, "ok.results[0]"), kind)
    assert isinstance(read({"error": {"kind": "oauth"}}, "ok.results[0]"), ErrorInfo)
    for neither, seen in (({}, "[]"), ({member: value, "error": {"kind": "oauth"}}, str(sorted(["error", member])))):
        with pytest.raises(ProtocolViolation) as caught:
            read(neither, "ok.results[0]")
        assert str(caught.value) == f"ok.results[0]: expected a member {member} or a member error, got {seen}"
    with pytest.raises(ProtocolViolation, match=rf"^ok\.results\[0\]\.{member}: expected an object, got 5"):
        read({member: 5}, "ok.results[0]")


def test_a_lifetime_may_be_larger_than_any_float():
    # Python's json returns such numbers unchanged, and so do clients.
    assert token_from_json({"access_token": "t", "expires_in": 10**400}).expires_in == 10**400


def test_a_value_that_was_read_has_the_same_json():
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
    document = {
        "kind": "oauth",
        "message": "m",
        "type": "a.B",
        "oauth_error": "invalid_grant",
        "oauth_error_description": "d",
        "oauth_error_uri": "u",
        "http_status": 400,
        "retry_after": 2,
    }
    assert error_from_json(document).to_json() == document
    response = response_from_json({"status": 200, "headers": [["A", "b"]], "body": "c"})
    assert response_from_json(response.to_json()) == response


def test_the_offset_from_utc_may_be_missing():
    assert utc_offset_from_json({"now": 1, "utc_offset": -18_000}) == -18_000
    assert utc_offset_from_json({"now": 1}) is None
    with pytest.raises(ProtocolViolation, match=r"ok\.utc_offset"):
        utc_offset_from_json({"now": 1, "utc_offset": "5"})
