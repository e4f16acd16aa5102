from dataclasses import replace

import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth._authlib_classes import InvalidRequestError
from oauth_gauntlet_server.oauth.token_request import FORM_TYPE, MOST_STORED, describable, read_parameters


def recorded(body, target="/t/token", content_type=FORM_TYPE):
    headers = () if content_type is None else (("Content-Type", content_type),)
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=body, raw=b"")


def test_every_content_type_of_a_request_is_named():
    one = recorded(b"a=1", content_type="application/json")
    both = replace(one, headers=(*one.headers, ("content-type", FORM_TYPE)))
    with pytest.raises(InvalidRequestError) as caught:
        read_parameters(both)
    assert caught.value.description == f"The content type must be {FORM_TYPE}, not application/json and {FORM_TYPE}"


def test_parameters_without_a_value_count_as_omitted():
    assert read_parameters(recorded(b"a=1&b=&c")) == {"a": "1"}


def test_the_content_type_may_have_parameters_and_any_case():
    assert read_parameters(recorded(b"a=1", content_type="Application/X-WWW-Form-Urlencoded; charset=UTF-8")) == {"a": "1"}


def test_resource_and_audience_may_be_repeated():
    assert read_parameters(recorded(b"resource=a&resource=b&audience=c&audience=d"))


def test_the_query_may_contain_parameters_that_oauth_does_not_define():
    assert read_parameters(recorded(b"a=1", target="/t/token?api-version=2")) == {"a": "1"}


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (recorded(b"a=1&a=1"), "The parameter a is repeated"),
        (recorded(b"a=&a=1"), "The parameter a is repeated"),
        (recorded(b"a=%zz"), "The form does not decode"),
        (recorded(b"a=%ff"), "The form does not decode"),
        (recorded(b"a=\xc3\xa9"), "The form does not decode"),
        (recorded(b"a=1", content_type="application/json"), "not application/json"),
        (recorded(b"a=1", content_type=None), "not none"),
        (recorded(b"", target="/t/token?client_secret=s"), "The parameter client_secret is in the request URI"),
        (recorded(b"", target="/t/token?scope=%ff"), "does not decode"),
    ],
)
def test_a_wrong_form_is_rejected(request_, words):
    with pytest.raises(InvalidRequestError) as caught:
        read_parameters(request_)
    assert words in caught.value.description


def test_a_description_contains_only_allowed_characters():
    assert describable('say "é\\\n"') == "say '???'"
    assert len(describable("x" * 1000)) == 300


@pytest.mark.parametrize("name", ["client_id", "refresh_token", "scope", "username"])
def test_what_a_record_keeps_has_a_limit(name):
    longest = b"a" * MOST_STORED
    assert read_parameters(recorded(name.encode() + b"=" + longest))[name] == longest.decode()
    with pytest.raises(InvalidRequestError) as caught:
        read_parameters(recorded(name.encode() + b"=" + longest + b"a"))
    assert caught.value.description == f"The {name} has 8193 characters; the limit of this server is 8192"
    # What is only passed through has none besides that of the body.
    assert read_parameters(recorded(b"assertion=" + longest * 10))
