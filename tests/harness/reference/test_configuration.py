import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.protocol import ErrorKind, GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader

COMPLETE = {
    "refresh_token": {"client_id": "c", "client_secret": "s", "refresh_token": "r"},
    "client_credentials": {"client_id": "c", "client_secret": "s"},
    "password": {"username": "u", "password": "p"},
    str(GrantType.JWT_BEARER): {
        "jwt_issuer": "i",
        "jwt_subject": "s",
        "jwt_audience": "a",
        "private_key": private_pem("ec"),
    },
}


def read(grant="password", **changes):
    given = {"grant_type": grant, "token_url": "https://server.example/token", **COMPLETE[grant], **changes}
    return ConfigurationReader().read({key: value for key, value in given.items() if value is not ...})


def refusal(*arguments, **changes):
    with pytest.raises(ClientFailure) as caught:
        read(*arguments, **changes)
    assert caught.value.error.kind is ErrorKind.CONFIG
    return caught.value.error.message


@pytest.mark.parametrize("grant", COMPLETE)
def test_each_missing_mandatory_parameter_is_named(grant):
    for key in ("token_url", *COMPLETE[grant]):
        for missing in (..., None, "") if key != "password" else (..., None):
            message = refusal(grant, **{key: missing})
            assert message.startswith("missing: ")
            assert key in message


def test_all_missing_parameters_are_named_together():
    assert refusal(username=..., password=...) == "missing: username, password (mandatory for password)"


@pytest.mark.parametrize("unset", [..., None, ""])
def test_the_default_grant_is_refresh_token(unset):
    assert read("refresh_token", grant_type=unset).grant is GrantType.REFRESH_TOKEN


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"grant_type": "implicit"}, "grant_type: 'implicit' is none of"),
        ({"username": 5}, "username: expected text"),
        ({"username": "\ud800"}, "half a surrogate pair"),
        ({"token_endpoint_auth_method": "magic"}, "'magic' is none of client_secret_basic"),
        ({"token_url": "server.example/token"}, "expected an absolute http or https URL"),
        ({"token_url": "ftp://server.example/token"}, "expected an absolute http or https URL"),
        ({"token_url": "https://server.example:99999/"}, "token_url: Port out of range"),
        ({"token_url": "https://server.example/a b"}, "white space"),
        ({"token_url": "https://u:p@server.example/"}, "user information is not allowed"),
        ({"token_url": "https://server.example/#f"}, "a fragment is not allowed"),
        ({"token_url": "http://server.example/"}, "set allow_http"),
        ({"timeout": 0}, "a number of seconds greater than 0"),
        ({"timeout": "5"}, "a number of seconds greater than 0"),
        ({"additional_payload": []}, "additional_payload: expected a JSON object"),
        ({"additional_payload": {"grant_type": "x"}}, "grant_type is a parameter of the protocol"),
    ],
)
def test_a_wrong_parameter_is_named(changes, words):
    assert words in refusal(**changes)


def test_plain_http_is_accepted_if_it_is_allowed():
    assert read(token_url="http://127.0.0.1/t", allow_http=True).token_url == "http://127.0.0.1/t"


def test_a_public_client_needs_no_secret_and_has_no_client_credentials():
    assert read("refresh_token", token_endpoint_auth_method="none", client_secret=...).client_secret is None
    assert "confidential clients only" in refusal("client_credentials", token_endpoint_auth_method="none")


@pytest.mark.parametrize(
    "value", ["/app", "api.example.com/app", "://a", "https://a/#", "https://a/b c", "", 5, ["https://a", ""]]
)
def test_a_resource_that_is_no_absolute_uri_without_fragment_is_refused(value):
    assert "resource: expected absolute URIs without a fragment" in refusal(resource=value)


def test_resources_are_kept_in_order():
    assert read(resource="urn:a:b").resources == ("urn:a:b",)
    assert read(resource=["https://b?x=1", "https://a"]).resources == ("https://b?x=1", "https://a")
    assert read().resources == ()


def test_a_payload_value_is_written_as_json():
    payload = {"a": "x", "b": True, "c": 1.5, "d": {"e": [1]}, "f": None}
    assert read(additional_payload=payload).payload == {"a": "x", "b": "true", "c": "1.5", "d": '{"e":[1]}'}


def test_its_string_form_contains_no_secret():
    shown = repr(read("refresh_token", client_secret="s3cret", refresh_token="r3fresh", additional_payload={"k": "p4yload"}))
    assert not any(secret in shown for secret in ("s3cret", "r3fresh", "p4yload"))


def test_a_method_with_a_jwt_needs_what_it_signs_with():
    key = private_pem("ec")
    assert read(
        "client_credentials", token_endpoint_auth_method="private_key_jwt", client_secret=..., private_key=key
    ).private_key
    message = refusal("password", token_endpoint_auth_method="private_key_jwt")
    assert message == "missing: client_id, private_key (mandatory for password)"
    message = refusal("password", token_endpoint_auth_method="client_secret_jwt")
    assert message == "missing: client_id, client_secret (mandatory for password)"


def test_a_short_secret_is_no_key_for_a_mac():
    method = {"token_endpoint_auth_method": "client_secret_jwt"}
    assert read("client_credentials", **method, client_secret="s" * 32).auth_method == "client_secret_jwt"
    assert "needs 32 octets" in refusal("client_credentials", **method, client_secret="s" * 31)


def test_the_header_of_a_client_assertion_is_checked():
    changes = {
        "token_endpoint_auth_method": "private_key_jwt",
        "private_key": private_pem("ec"),
        "jwt_header": {"alg": "RS256"},
    }
    assert "does not fit the private key" in refusal("client_credentials", **changes)
