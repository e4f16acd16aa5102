import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.sent_parameters import JSONParametersError, json_parameters, sent_parameters

JSON = (("Content-Type", "application/json; charset=utf-8"),)


def request(target="/t", headers=(), body=b""):
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=headers, body=body, raw=b"")


def test_query_and_form_are_both_read():
    assert sent_parameters(request("/t?a=1", body=b"b=2&b=3")) == (("a", "1"), ("b", "2"), ("b", "3"))


def test_a_json_object_has_a_value_for_each_item_of_a_list():
    body = b'{"s": "x", "n": 1, "yes": true, "l": ["a", "b"], "no": null, "o": {"k": 1}}'
    wanted = (("s", "x"), ("n", "1"), ("yes", "true"), ("l", "a"), ("l", "b"), ("o", '{"k": 1}'))
    assert json_parameters(request(headers=JSON, body=body)) == wanted


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"[" * 100_000])
def test_what_is_no_json_object_is_an_error_and_has_no_parameters(body):
    with pytest.raises(JSONParametersError):
        json_parameters(request(headers=JSON, body=body))
    assert sent_parameters(request("/t?a=1", headers=JSON, body=body)) == (("a", "1"),)


def test_a_malformed_part_has_no_parameters():
    assert sent_parameters(request("/t?%", body=b"b=2")) == (("b", "2"),)
    assert sent_parameters(request("/t?a=1", body=b"%")) == (("a", "1"),)
